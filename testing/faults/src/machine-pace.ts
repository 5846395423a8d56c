import { now, sleep } from "./clock.js";
import { withPostgres } from "./stores/connections.js";
import type { Journal } from "./workload/journal.js";

const pauseMs = 20;
/** A probe takes less, beyond its pause, on a machine that has time to spare. */
const usualMs = 50;

/**
 * Measures how many times slower than usual this machine is, by what no promise is about: a pause of this process and
 * an empty durable commit, over and over. Bounds in ms are multiplied by the slowest probe. A probe that Postgres did
 * not answer does not count.
 */
export class MachinePace {
  #over = false;
  readonly #probing: Promise<void>;

  constructor(journal: Journal, databaseUrl: () => string) {
    this.#probing = this.#probe(journal, databaseUrl);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#probing;
  }

  async #probe(journal: Journal, databaseUrl: () => string): Promise<void> {
    while (!this.#over) {
      await withPostgres(databaseUrl(), async (db) => {
        while (!this.#over) {
          const began = now();
          await sleep(pauseMs);
          await db.query("SELECT pg_logical_emit_message(true, 'pace', '')");
          journal.slowness = Math.max(journal.slowness, (now() - began - pauseMs) / usualMs);
        }
      }).catch(() => sleep(pauseMs));
    }
  }
}
