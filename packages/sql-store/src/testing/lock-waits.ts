import { setTimeout as delay } from "node:timers/promises";
import { QueryTypes, type Sequelize } from "sequelize";

/** Resolves once this many statements on the tables of this schema wait for a lock. */
export async function lockWaits(sequelize: Sequelize, schema: string, count: number): Promise<void> {
  const sql = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${schema}%'`;
  while ((await sequelize.query(sql, { type: QueryTypes.SELECT })).length < count) await delay(5);
}
