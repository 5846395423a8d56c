/** Counts what each key has, up to a limit; 0: no limit. */
export class Tally {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  isFull(key: string): boolean {
    return this.#max > 0 && (this.#counts.get(key) ?? 0) >= this.#max;
  }

  /** What gives the place back, once however often it is called; `null` if there is none. */
  take(key: string): (() => void) | null {
    if (this.isFull(key)) return null;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
