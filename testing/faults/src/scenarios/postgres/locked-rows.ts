import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Another program holds a third of the rows for seconds: their own games wait, and no other does. */
export const lockedRows: Scenario = {
  name: "locked-rows",
  title: "locked rows under load",
  checks: ["I5", "liveness"],
  async inject(environment, chance) {
    environment.countFault();
    await environment.postgres.admin(async (db) => {
      await db.query("BEGIN");
      await db.query(`SELECT FROM "${environment.names.schema}".active_games ORDER BY id LIMIT 12 FOR UPDATE`);
      await sleep(3_000 + chance.below(1_000));
      await db.query("ROLLBACK");
    });
  },
};
