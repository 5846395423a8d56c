import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Locked rows hold up themselves, and nobody else for longer than one lock timeout; then every answer comes late. */
export const postgresSlow: FaultRow = {
  name: "postgres-slow",
  what: "Postgres slow: locked rows, late answers",
  checks: ["I5"],
  async inject(bed, chance) {
    bed.injected();
    await bed.postgres.admin(async (db) => {
      await db.query("BEGIN");
      await db.query(`SELECT FROM "${bed.names.schema}".active_games ORDER BY id LIMIT 3 FOR UPDATE`);
      await delay(1_200 + chance.below(400));
      await db.query("ROLLBACK");
    });
    bed.injected();
    for (const { postgresRoad } of bed.places) postgresRoad.delayMs = 120;
    await delay(800);
    for (const { postgresRoad } of bed.places) postgresRoad.delayMs = 0;
  },
};
