import { setTimeout as delay } from "node:timers/promises";
import { QueryTypes, type Sequelize } from "sequelize";

/** Ends as many connections of this name as asked, once so many are there and, if asked, wait for a lock. */
export async function killBackends(
  outside: Sequelize,
  applicationName: string,
  { count, waiting = false }: { count: number; waiting?: boolean },
): Promise<void> {
  const where = `application_name = '${applicationName}' ${waiting ? "AND wait_event_type = 'Lock'" : ""}`;
  for (;;) {
    const found = await outside.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${where}`, {
      type: QueryTypes.SELECT,
    });
    if (found.length >= count) {
      for (const { pid } of found) await outside.query(`SELECT pg_terminate_backend(${pid})`);
      return;
    }
    await delay(5);
  }
}
