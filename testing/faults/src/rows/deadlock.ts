import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** Somebody locks the rows in the opposite order to the flushes, one by one. */
export const deadlock: FaultRow = {
  name: "deadlock",
  what: "deadlocks with a foreign session",
  checks: ["I5"],
  async inject(bed, chance) {
    const table = `"${bed.names.schema}".active_games`;
    const until = bed.journal.now() + 2_000;
    await bed.postgres.admin(async (db) => {
      await db.query("SET deadlock_timeout = '50ms'");
      const { rows } = await db.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id DESC`);
      while (bed.journal.now() < until) {
        bed.injected();
        try {
          await db.query("BEGIN");
          for (const { id } of rows) {
            await db.query(`UPDATE ${table} SET npc_id = npc_id WHERE id = $1`, [id]);
            await delay(chance.below(8));
          }
          await db.query("COMMIT");
        } catch {
          await db.query("ROLLBACK"); // The server chose this session to give way.
        }
        await delay(50);
      }
    });
  },
};
