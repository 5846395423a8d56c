import type { StoredStatus } from "@turnkeep/core/ports";
import type { Statement } from "../statement.js";

export interface LockedRow {
  readonly status: Exclude<StoredStatus, "missing">;
  readonly lineage: string;
  readonly revision: string;
  readonly fence: string;
  readonly write_ids: string;
  readonly log_count: string;
}

/** Locks a row of any status until the transaction ends, and returns what it then holds. $1 id */
export const lockGame: Statement<LockedRow> = {
  name: "lock-game",
  writes: false,
  sql: (t) => `
    SELECT status, lineage, revision, fence, write_ids, log_count FROM ${t.games} WHERE id = $1::uuid FOR UPDATE`,
};
