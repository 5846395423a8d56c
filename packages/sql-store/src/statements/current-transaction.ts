import type { Statement } from "../statement.js";

/** The number of the transaction that this runs in; one is given to it if it has none yet. */
export const currentTransaction: Statement<{ xid: string }> = {
  name: "current-transaction",
  writes: false,
  sql: () => "SELECT pg_current_xact_id()::text AS xid",
};
