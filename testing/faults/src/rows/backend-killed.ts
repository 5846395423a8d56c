import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** A commit under way may have happened or not. */
export const backendKilled: FaultRow = {
  name: "backend-killed",
  what: "Postgres backends killed",
  checks: ["I1", "I4"],
  async inject(bed, chance) {
    for (let n = 0; n < 8; n++) {
      bed.injected();
      await bed.postgres.admin((db) =>
        db.query(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()`),
      );
      await delay(80 + chance.below(120));
    }
  },
};
