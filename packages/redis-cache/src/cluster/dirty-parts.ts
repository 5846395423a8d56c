import type { Runtime } from "@turnkeep/core";

/** Counts the games of all parts; empty parts may be left out. */
export type CountParts = () => Promise<ReadonlyMap<string, number>>;

/**
 * What one process knows of the many parts of a Cluster's dirty index, one a slot: which are worth asking, and when.
 * These are hints by this process's clock; the scores and Redis's clock decide what is due. Parts that other processes
 * have filled are found by counting all of them now and then.
 */
export class DirtyParts {
  readonly #countEveryMs: number;
  readonly #countParts: CountParts;
  readonly #runtime: Runtime;
  readonly #dueAt = new Map<string, number>();
  #countedAt = Number.NEGATIVE_INFINITY;
  #total = 0;

  constructor(countEveryMs: number, countParts: CountParts, runtime: Runtime) {
    this.#countEveryMs = countEveryMs;
    this.#countParts = countParts;
    this.#runtime = runtime;
  }

  /** Dirty games in all slots, when they were last counted. */
  get total(): number {
    return this.#total;
  }

  /** A game of this part is due within this time. */
  note(tag: string, withinMs: number): void {
    const dueAt = this.#runtime.monotonicMs() + withinMs;
    if (dueAt < (this.#dueAt.get(tag) ?? Number.POSITIVE_INFINITY)) this.#dueAt.set(tag, dueAt);
  }

  /** This part was asked: its next game is due within this time, or it is empty. */
  asked(tag: string, nextWithinMs: number | null): void {
    this.#dueAt.delete(tag);
    if (nextWithinMs !== null) this.note(tag, nextWithinMs);
  }

  /** Parts that may hold games due within this time, the most overdue first, without those that are exhausted. */
  due(withinMs: number, limit: number, exhausted: ReadonlySet<string> = new Set()): readonly string[] {
    const until = this.#runtime.monotonicMs() + withinMs;
    return [...this.#dueAt]
      .filter(([tag, at]) => at <= until && !exhausted.has(tag))
      .sort(([, a], [, b]) => a - b)
      .slice(0, limit)
      .map(([tag]) => tag);
  }

  /** Counts all parts, unless that was done lately. */
  async discover(): Promise<void> {
    if (this.#runtime.monotonicMs() - this.#countedAt >= this.#countEveryMs) await this.filled();
  }

  /** Counts all parts, and returns those that hold games. */
  async filled(): Promise<readonly string[]> {
    const counted = await this.#countParts();
    this.#countedAt = this.#runtime.monotonicMs();
    this.#total = 0;
    for (const [tag, games] of counted) {
      this.#total += games;
      if (!this.#dueAt.has(tag)) this.note(tag, 0);
    }
    return [...counted.keys()];
  }
}
