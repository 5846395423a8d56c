import { setTimeout as delay } from "node:timers/promises";
import type { Journal } from "./journal.js";
import { withPostgres } from "./turnkeep-system.js";

const pauseMs = 20;
/** Beyond its pause, a look takes less on a machine that has time to spare. */
const usualMs = 50;

/**
 * Measures how much slower than usual this machine is, by what nobody's promise is about: a pause of this process and
 * an empty durable commit, over and over. Bounds in ms are stretched by the slowest look; one that Postgres did not
 * answer tells nothing about the machine.
 */
export class MachinePace {
  #over = false;
  readonly #looking: Promise<void>;

  constructor(journal: Journal, databaseUrl: () => string) {
    this.#looking = this.#look(journal, databaseUrl);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#looking;
  }

  async #look(journal: Journal, databaseUrl: () => string): Promise<void> {
    while (!this.#over) {
      await withPostgres(databaseUrl(), async (db) => {
        while (!this.#over) {
          const began = performance.now();
          await delay(pauseMs);
          await db.query("SELECT pg_logical_emit_message(true, 'pace', '')");
          journal.slowness = Math.max(journal.slowness, (performance.now() - began - pauseMs) / usualMs);
        }
      }).catch(() => delay(pauseMs));
    }
  }
}
