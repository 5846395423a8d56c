import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Locked rows delay their own games, and others for one lock timeout at most; then every reply is late. */
export const postgresSlow: Scenario = {
  name: "postgres-slow",
  title: "Postgres slow: locked rows, late answers",
  checks: ["I5"],
  async inject(environment, chance) {
    environment.countFault();
    await environment.postgres.admin(async (db) => {
      await db.query("BEGIN");
      await db.query(`SELECT FROM "${environment.names.schema}".active_games ORDER BY id LIMIT 3 FOR UPDATE`);
      await sleep(1_200 + chance.below(400));
      await db.query("ROLLBACK");
    });
    environment.countFault();
    for (const { postgresProxy } of environment.sites) postgresProxy.delayMs = 120;
    await sleep(800);
    for (const { postgresProxy } of environment.sites) postgresProxy.delayMs = 0;
  },
};
