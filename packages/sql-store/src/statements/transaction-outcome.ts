import type { Statement } from "../statement.js";

/** What became of a recent transaction: committed, aborted, in progress; null if it is too long ago to know. */
export const transactionOutcome: Statement<{ outcome: string | null }> = {
  name: "transaction-outcome",
  writes: false,
  sql: () => "SELECT pg_xact_status($1::text::xid8) AS outcome",
};
