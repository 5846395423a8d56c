import type { StoredStatus } from "@turnkeep/core/ports";
import type { Statement } from "../statement.js";

export interface LocatedRow {
  readonly id: string;
  /** Of the row, or `archived` where only history is left, or `missing`. */
  readonly status: StoredStatus;
  /** `null` where there is no row, as all that follows. */
  readonly lineage: string | null;
  readonly revision: string | null;
  readonly fence: string | null;
  readonly write_ids: string | null;
  readonly quarantine_reason: string | null;
}

/** Where games are, in rows and in history; without their states, locking nothing. $1 ids */
export const locateGames: Statement<LocatedRow> = {
  name: "locate-games",
  writes: false,
  sql: (t) => `
    SELECT asked.id,
      coalesce(g.status, CASE WHEN h.game_id IS NULL THEN 'missing' ELSE 'archived' END) AS status,
      g.lineage, g.revision, g.fence, g.write_ids, g.quarantine_reason
    FROM unnest($1::uuid[]) AS asked (id)
    LEFT JOIN ${t.games} g ON g.id = asked.id
    LEFT JOIN ${t.history} h ON h.game_id = asked.id`,
};
