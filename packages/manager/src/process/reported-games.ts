import type { Runtime } from "@turnkeep/core";
import { LRUCache } from "lru-cache";
import type { Emitter, Logger } from "../events.js";
import { atMost } from "./local-copies.js";

const sayEveryMs = 60_000;

/**
 * The documents that this process cannot read. After a bad deploy that is every game, so each one is an event, and the log
 * says it once a minute.
 */
export class UnreadableGames {
  readonly #runtime: Pick<Runtime, "monotonicMs">;
  readonly #events: Emitter;
  readonly #log: Logger;
  #saidAt = Number.NEGATIVE_INFINITY;
  #times = 0;

  constructor(runtime: Pick<Runtime, "monotonicMs">, events: Emitter, log: Logger) {
    this.#runtime = runtime;
    this.#events = events;
    this.#log = log;
  }

  report(gameId: string, error: Error): void {
    this.#events.emit("state:unreadable", { gameId, error });
    this.#times += 1;
    const now = this.#runtime.monotonicMs();
    if (now - this.#saidAt < sayEveryMs) return;
    this.#saidAt = now;
    this.#log.error(
      { gameId, err: error, times: this.#times },
      `this process cannot read a game, which stays as it is for others: ${error.message}`,
    );
  }
}

const most = 100_000;
/** One that was not met for so long is no orphan any more: an operator has removed its copy, elsewhere maybe. */
const forgottenAfterMs = 10 * 60_000;

/**
 * The orphans that this process met: cached games without a row in the store. Flushers meet each of them every few
 * seconds, so each one is an event and a line of the log when it is met first, and is counted from then on.
 */
export class OrphanedGames {
  readonly #met: LRUCache<string, true>;
  readonly #events: Emitter;
  readonly #log: Logger;

  constructor(runtime: Pick<Runtime, "monotonicMs">, events: Emitter, log: Logger) {
    this.#events = events;
    this.#log = log;
    this.#met = new LRUCache({
      ...atMost(most),
      ttl: forgottenAfterMs,
      ttlResolution: 0,
      perf: { now: () => runtime.monotonicMs() },
    });
  }

  /** Raises the alarm for a copy without a row. It is kept: there is no other. */
  report(gameId: string): void {
    const isKnown = this.#met.has(gameId);
    // Beyond what is remembered nothing is new: else each round would report them all again.
    if (!isKnown && this.#met.size >= most) return;
    this.#met.set(gameId, true);
    if (isKnown) return;
    this.#events.emit("flush:orphan", { gameId });
    this.#log.error({ gameId }, "a cached game has no row in the store; its copy is kept");
  }

  /** It has a row, or its copy is gone. */
  delete(gameId: string): void {
    this.#met.delete(gameId);
  }

  /** How many this process knows of. */
  count(): number {
    this.#met.purgeStale();
    return this.#met.size;
  }
}
