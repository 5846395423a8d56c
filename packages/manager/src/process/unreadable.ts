import type { Runtime } from "@turnkeep/core";
import type { Emitter, Logger } from "../events.js";

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
