import { type Runtime, sleep, TurnkeepError } from "@turnkeep/core";
import type { StoreCallOptions } from "@turnkeep/core/ports";
import type pg from "pg";
import type { Transaction } from "sequelize";
import { isTransient, translateError } from "../errors.js";
import type { Settings } from "../options.js";
import { type Tables, tablesIn } from "../schema/tables.js";
import { connectionOf } from "./caller-transaction.js";
import { type Lane, Lanes, type PoolUse } from "./lanes.js";
import { checkOut } from "./pool.js";
import { Session, type SessionLimits } from "./session.js";
import { type SqlValue, type Statement, StatementBook } from "./statement.js";

export type CallOptions = StoreCallOptions<Transaction>;

export interface RunOptions extends CallOptions {
  readonly lane?: Lane;
}

/** How much longer than the server the client waits, before it gives up on an answer. */
const answerGraceMs = 1_000;
/** How long the client waits where the server has no limit, beside that: a connection may swallow what is sent on it. */
const longestStatementMs = 10_000;
/** How often a statement that met a deadlock or a serialization failure is run in all. */
const mostAttempts = 5;

/**
 * Runs named statements: alone, in a transaction of its own, or in the caller's. What met a deadlock is run again,
 * except in the caller's transaction, which is lost as a whole then.
 */
export class Database {
  readonly tables: Tables;
  readonly runtime: Runtime;
  /** How long the client waits for the answer to one statement. */
  readonly answerTimeoutMs: number;
  /** How long a call waits for a connection. */
  readonly connectTimeoutMs: number;
  readonly maxReplayLogBytes: number;
  /** `server_version_num` of Postgres, as it was at the start. */
  serverVersion = 0;
  readonly #lanes: Lanes;
  readonly #book: StatementBook;
  #pool: pg.Pool | null = null;

  constructor(settings: Settings) {
    const { runtime, poolSize, connectTimeoutMs, statementTimeoutMs } = settings;
    this.runtime = runtime;
    this.answerTimeoutMs = (statementTimeoutMs || longestStatementMs) + answerGraceMs;
    this.connectTimeoutMs = connectTimeoutMs;
    this.maxReplayLogBytes = settings.advanced.maxReplayLogBytes;
    this.#lanes = new Lanes(runtime, poolSize, connectTimeoutMs);
    this.tables = tablesIn(settings.schema);
    this.#book = new StatementBook(this.tables, settings.advanced.preparedStatements);
  }

  get poolUse(): PoolUse {
    return this.#lanes.use;
  }

  open(pool: pg.Pool): void {
    this.#pool = pool;
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    await pool?.end();
  }

  /** @throws StoreUnavailable, Aborted, NotRunning, InvalidInput */
  async run<Row extends object>(
    statement: Statement<Row>,
    values: readonly SqlValue[],
    { transaction, signal, lane = "call" }: RunOptions = {},
  ): Promise<readonly Row[]> {
    const pool = this.#running();
    if (transaction) return this.#inCallers(transaction, signal).run(statement, values);
    return this.#retried(lane, signal, async () => {
      const client = await checkOut(pool, signal);
      const session = this.#session(client, { signal, lostReply: "unknown", notAwaited: "unknown" });
      try {
        return await session.run(statement, values);
      } finally {
        client.release(session.broken);
      }
    });
  }

  /** One transaction around the work, which may run more than once; or the work as a part of the caller's. */
  async transact<T>({ transaction, signal }: CallOptions = {}, work: (session: Session) => Promise<T>): Promise<T> {
    const pool = this.#running();
    if (transaction) return work(this.#inCallers(transaction, signal));
    return this.#retried("transaction", signal, async () => {
      const client = await checkOut(pool, signal);
      const session = this.#session(client, { signal, lostReply: "notDone", notAwaited: "notDone" });
      let ending = session;
      try {
        await session.run(begin, []);
        const result = await work(session);
        // Once COMMIT is sent, a reply that is lost says nothing of what became of it.
        ending = this.#session(client, { lostReply: "unknown", notAwaited: "unknown" });
        await ending.run(commit, []);
        return result;
      } catch (error) {
        if (!session.broken && !ending.broken) await ending.run(rollback, []).catch(() => {});
        throw error;
      } finally {
        client.release(session.broken || ending.broken);
      }
    });
  }

  #session(client: pg.ClientBase, limits: Omit<SessionLimits, "answerTimeoutMs">): Session {
    return new Session(client, this.#book, this.runtime, { ...limits, answerTimeoutMs: this.answerTimeoutMs });
  }

  #running(): pg.Pool {
    if (this.#pool) return this.#pool;
    throw new TurnkeepError("NotRunning", "the Postgres store is used before start() or after close()", {});
  }

  async #retried<T>(lane: Lane, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#lanes.run(lane, signal, work);
      } catch (error) {
        if (!isTransient(error) || attempt === mostAttempts) throw translateError(error, "notDone");
        await sleep(this.runtime, this.runtime.random() * 10 * 2 ** attempt);
      }
    }
  }

  /** Nothing of the caller's transaction lasts unless the caller commits it, who alone decides about its connection. */
  #inCallers(transaction: Transaction, signal: AbortSignal | undefined): Session {
    return this.#session(connectionOf(transaction), { signal, lostReply: "notDone", notAwaited: "unknown" });
  }
}

const begin: Statement = { name: "begin", writes: false, sql: () => "BEGIN ISOLATION LEVEL READ COMMITTED" };
const commit: Statement = { name: "commit", writes: true, sql: () => "COMMIT" };
const rollback: Statement = { name: "rollback", writes: false, sql: () => "ROLLBACK" };
