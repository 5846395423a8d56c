import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Another session locks the rows one by one, in the opposite order to the flushes. */
export const deadlock: Scenario = {
  name: "deadlock",
  title: "deadlocks with a foreign session",
  checks: ["I5"],
  async inject(environment, chance) {
    const table = `"${environment.names.schema}".active_games`;
    const end = environment.journal.now() + 2_000;
    await environment.postgres.admin(async (db) => {
      await db.query("SET deadlock_timeout = '50ms'");
      const { rows } = await db.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id DESC`);
      while (environment.journal.now() < end) {
        environment.countFault();
        try {
          await db.query("BEGIN");
          for (const { id } of rows) {
            await db.query(`UPDATE ${table} SET npc_id = npc_id WHERE id = $1`, [id]);
            await sleep(chance.below(8));
          }
          await db.query("COMMIT");
        } catch {
          await db.query("ROLLBACK"); // Postgres chose this session as the victim.
        }
        await sleep(50);
      }
    });
  },
};
