import type pg from "pg";
import type { Transaction } from "sequelize";
import { invalidInput } from "../errors.js";

/** What Sequelize 6 keeps on a transaction without saying so in its types. */
interface OpenTransaction {
  readonly connection?: pg.ClientBase;
  readonly parent?: Transaction;
  readonly finished?: "commit" | "rollback";
}

const inside = (transaction: Transaction) => transaction as unknown as OpenTransaction;

/** The connection on which the caller's transaction is open. @throws InvalidInput if it is not open on Postgres */
export function connectionOf(transaction: Transaction): pg.ClientBase {
  const { connection, finished } = inside(transaction);
  if (connection && typeof connection.query === "function" && !finished) return connection;
  throw invalidInput("the transaction is not an open Sequelize transaction on Postgres", "transaction");
}

/** The transaction itself and, if it is a savepoint, the ones around it; the outermost last. */
export function withParents(transaction: Transaction): readonly [Transaction, ...Transaction[]] {
  const { parent } = inside(transaction);
  return parent ? [transaction, ...withParents(parent)] : [transaction];
}

/** The outermost transaction: itself, unless it is a savepoint. */
export function rootOf(transaction: Transaction): Transaction {
  const { parent } = inside(transaction);
  return parent ? rootOf(parent) : transaction;
}

export function endedInCommit(transaction: Transaction): boolean {
  return inside(transaction).finished === "commit";
}
