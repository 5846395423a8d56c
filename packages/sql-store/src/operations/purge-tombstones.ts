import { milliseconds } from "../check-input.js";
import type { CallOptions, Database } from "../database.js";
import { purgeTombstones as purgeStatement } from "../statements/purge-tombstones.js";

const BATCH = 1_000;

/** Deletes tombstones older than this, a batch at a time; returns how many. */
export async function purgeTombstones(db: Database, olderThanMs: number, options: CallOptions): Promise<number> {
  const age = milliseconds("olderThanMs", olderThanMs);
  for (let purged = 0; ; ) {
    const rows = await db.run(purgeStatement, [age, BATCH], options);
    purged += rows.length;
    if (rows.length < BATCH) return purged;
  }
}
