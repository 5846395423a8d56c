import { harden, isPlain, maxStateDepth, refuse, type Steps } from "./harden.js";

/**
 * A copy of a value from elsewhere that can be kept: what JSON can hold, and nothing that it would lose. It differs from
 * the value as `JSON.stringify` would have it: fields that are `undefined` are left out, in an array they are `null`, -0
 * is 0, and `toJSON` is called. The copy is frozen and shares nothing with the value, which stays as it is.
 * @throws InvalidState with reason and path for what JSON would lose: NaN and Infinity, functions, instances of classes
 * without `toJSON`, …
 */
export function toKeepable<T>(value: T): T {
  const copy = copyOf(value, "", 1, []);
  harden(copy);
  return copy as T;
}

function copyOf(value: unknown, key: string, depth: number, steps: Steps): unknown {
  const plain = hasToJson(value) ? value.toJSON(key) : value;
  if (plain === 0) return 0;
  if (typeof plain !== "object" || plain === null) return plain;
  if (depth > maxStateDepth) refuse("depth", steps, `more than ${maxStateDepth} levels`);
  const inner = (item: unknown, step: string | number) => {
    steps.push(step);
    const copy = copyOf(item, String(step), depth + 1, steps);
    steps.pop();
    return copy;
  };
  if (Array.isArray(plain)) return Array.from(plain, (item, index) => inner(item, index) ?? null);
  if (!isPlain(plain)) refuse("type", steps, "an instance of a class");
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(plain)) {
    const kept = inner(item, name);
    // Defined, not assigned: a field named `__proto__` has to be seen, and refused.
    if (kept !== undefined) {
      Object.defineProperty(copy, name, { value: kept, enumerable: true, writable: true, configurable: true });
    }
  }
  return copy;
}

function hasToJson(value: unknown): value is { toJSON: (key: string) => unknown } {
  return typeof value === "object" && value !== null && "toJSON" in value && typeof value.toJSON === "function";
}
