/** The same shape with every part writable. */
export type Thawed<T> = T extends object ? { -readonly [K in keyof T]: Thawed<T[K]> } : T;

/**
 * A copy of a kept value that may be changed, for rules that mutate what they are given; the frozen one stays as it is.
 * `manager.update(id, (state) => toKeepable(play(thaw(state), move)))`
 */
export function thaw<T>(value: T): Thawed<T> {
  return structuredClone(value) as Thawed<T>;
}
