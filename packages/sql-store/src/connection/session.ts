import type { Runtime, WriteFate } from "@turnkeep/core";
import type pg from "pg";
import { aborted, breaksConnection, translateError, unavailable } from "../errors.js";
import type { SqlValue, Statement, StatementBook } from "./statement.js";

export interface SessionLimits {
  /** How long the client waits for one answer. */
  readonly answerTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What a lost reply to a writing statement means here. */
  readonly lostReply: WriteFate;
  /** What it means here if an answer to a writing statement is no longer waited for. */
  readonly notAwaited: WriteFate;
}

/** Runs statements on one connection, one after the other, and remembers whether the connection is still sound. */
export class Session {
  readonly #client: pg.ClientBase;
  readonly #book: StatementBook;
  readonly #runtime: Runtime;
  readonly #limits: SessionLimits;
  #broken = false;

  constructor(client: pg.ClientBase, book: StatementBook, runtime: Runtime, limits: SessionLimits) {
    this.#client = client;
    this.#book = book;
    this.#runtime = runtime;
    this.#limits = limits;
  }

  /** True once a reply was lost or not waited for: the connection must be closed. */
  get broken(): boolean {
    return this.#broken;
  }

  /** @throws StoreUnavailable, Aborted, InvalidInput */
  async run<Row extends object>(statement: Statement<Row>, values: readonly SqlValue[]): Promise<readonly Row[]> {
    const { answerTimeoutMs, signal, lostReply, notAwaited } = this.#limits;
    if (signal?.aborted) throw aborted("notDone");
    const fate = statement.writes ? lostReply : "notDone";
    try {
      const answer = this.#client.query<Row>({ ...this.#book.get(statement), values: [...values] });
      const fateAtEnd = statement.writes ? notAwaited : "notDone";
      return (await raceAgainst(this.#runtime, answer, { timeoutMs: answerTimeoutMs, signal, fate: fateAtEnd })).rows;
    } catch (error) {
      if (breaksConnection(error)) this.#broken = true;
      throw translateError(error, fate, statement.keepsOwnOnly);
    }
  }
}

interface RaceLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is known of the work when its time is up or the signal fires. */
  readonly fate: WriteFate;
  /** What to throw when its time is up; default that Postgres is away. */
  readonly late?: () => Error;
}

/** The work's result, unless its time is up or the signal fires first; the work itself goes on unheard. */
export function raceAgainst<T>(
  runtime: Runtime,
  work: Promise<T>,
  { timeoutMs, signal, fate, late = () => unavailable("Postgres did not answer in time", fate) }: RaceLimits,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = runtime.schedule(() => reject(late()), timeoutMs);
    const abort = () => reject(aborted(fate));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => {
      cancel();
      signal?.removeEventListener("abort", abort);
    });
  });
}
