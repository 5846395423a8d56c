import { type Pauses, pauseAfter, type Runtime } from "@turnkeep/core";
import { LRUCache } from "lru-cache";
import { atMost } from "./local-copies.js";

const most = 100_000;

interface Failing {
  /** By the process's monotonic clock, in ms; so is `retryAt`. */
  readonly since: number;
  readonly retryAt: number;
  /** Failed flushes in a row. */
  readonly failures: number;
}

/**
 * What this process knows of games that the store may lack. Another process may have flushed one meanwhile, so the
 * lists are bounded and an entry is a hint, never a promise.
 * Written: the games that it wrote and has not seen flushed, which `close` drains. Failing: those that it failed to
 * flush, each with the time of its next try, later and later.
 */
export class UnflushedGames {
  readonly #written = new LRUCache<string, true>(atMost(most));
  readonly #failing = new Map<string, Failing>();
  readonly #runtime: Runtime;
  readonly #pauses: Pauses;

  /** @param pauses between the tries of a game that fails */
  constructor(runtime: Runtime, pauses: Pauses) {
    this.#runtime = runtime;
    this.#pauses = pauses;
  }

  /** True if it was not known to be unflushed. */
  add(gameId: string): boolean {
    const known = this.#written.has(gameId);
    this.#written.set(gameId, true);
    return !known;
  }

  /** The store has it, or it is gone. */
  delete(gameId: string): void {
    this.#written.delete(gameId);
    this.#failing.delete(gameId);
  }

  list(): string[] {
    return [...this.#written.keys()];
  }

  /** A flush of it has failed. */
  failed(gameId: string): void {
    const before = this.#failing.get(gameId);
    if (before === undefined && this.#failing.size >= most) return;
    const failures = (before?.failures ?? 0) + 1;
    const now = this.#runtime.monotonicMs();
    const retryAt = now + pauseAfter(failures, this.#pauses, this.#runtime);
    this.#failing.set(gameId, { since: before?.since ?? now, retryAt, failures });
  }

  /** The store has some version of it: whatever is left is no failure any more. */
  succeeded(gameId: string): void {
    this.#failing.delete(gameId);
  }

  isFailing(gameId: string): boolean {
    return this.#failing.has(gameId);
  }

  /** Failing games whose time has come, or all of them. */
  toRetry(which: "due" | "all"): string[] {
    const now = which === "due" ? this.#runtime.monotonicMs() : Number.POSITIVE_INFINITY;
    return [...this.#failing].flatMap(([gameId, { retryAt }]) => (retryAt <= now ? [gameId] : []));
  }

  /** For how long the oldest of them has failed, in ms; 0 if none does. */
  oldestFailingMs(): number {
    const [oldest] = this.#failing.values();
    return oldest === undefined ? 0 : this.#runtime.monotonicMs() - oldest.since;
  }
}
