import { sleep } from "@turnkeep/core";
import type { Transaction } from "sequelize";
import { connectionOf, endedInCommit, rootOf, withParents } from "./caller-transaction.js";
import type { Database } from "./database.js";
import { Session } from "./session.js";
import { type Statement, StatementBook } from "./statement.js";

/** The number of the transaction that this runs in; one is given to it if it has none yet. */
const currentTransaction: Statement<{ xid: string }> = {
  name: "current-transaction",
  writes: false,
  sql: () => "SELECT pg_current_xact_id()::text AS xid",
};

/** What became of a recent transaction: committed, aborted, in progress; null if it is too long ago to know. */
const transactionOutcome: Statement<{ outcome: string | null }> = {
  name: "transaction-outcome",
  writes: false,
  sql: () => "SELECT pg_xact_status($1::text::xid8) AS outcome",
};

const mostQuestions = 20;
const betweenQuestionsMs = 50;

/**
 * Runs the hook once the outermost transaction has committed. Sequelize calls its own hooks also when COMMIT failed,
 * and takes Postgres's silent rollback of a failed transaction for a commit; so Postgres is asked what became of it.
 * If it cannot say, the hook does not run.
 */
export function runAfterCommit(database: Database, transaction: Transaction, hook: () => Promise<void>): void {
  const chain = withParents(transaction);
  const session = new Session(connectionOf(transaction), new StatementBook(database.tables, false), database.runtime, {
    answerTimeoutMs: database.answerTimeoutMs,
    lostReply: "notDone",
    notAwaited: "notDone",
  });
  const asked = session.run(currentTransaction, []).then(
    ([row]) => row?.xid ?? null,
    () => null,
  );
  rootOf(transaction).afterCommit(async () => {
    const xid = await asked;
    if (xid !== null && chain.every(endedInCommit) && (await hasCommitted(database, xid))) await hook();
  });
}

async function hasCommitted(database: Database, xid: string): Promise<boolean> {
  for (let question = 0; question < mostQuestions; question += 1) {
    const [row] = await database.run(transactionOutcome, [xid]).catch(() => []);
    if (row && row.outcome !== "in progress") return row.outcome === "committed";
    await sleep(database.runtime, betweenQuestionsMs);
  }
  return false;
}
