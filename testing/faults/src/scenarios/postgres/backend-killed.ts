import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** A commit under way may have been done or not. */
export const backendKilled: Scenario = {
  name: "backend-killed",
  title: "Postgres backends killed",
  checks: ["I1", "I4"],
  async inject(environment, chance) {
    for (let n = 0; n < 8; n++) {
      environment.countFault();
      await environment.postgres.admin((db) =>
        db.query(`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()`),
      );
      await sleep(80 + chance.below(120));
    }
  },
};
