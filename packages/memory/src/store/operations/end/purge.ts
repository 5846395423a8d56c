import type { GameId } from "@turnkeep/core";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import type { MemoryTransaction } from "../../transaction.js";

/** Deletes tombstones older than this; returns how many. A tombstone never becomes a game again, so none changes here. */
export async function purgeTombstones(db: Database, olderThanMs: number, options?: CallOptions): Promise<number> {
  assertWhole("olderThanMs", olderThanMs, 0);
  const { rows } = db.space;
  const until = db.space.now() - olderThanMs;
  const isOld = (row: ReturnType<typeof rows.get>) => row !== undefined && "since" in row && row.since <= until;
  const old = rows.entries(db.check(options)).flatMap(([gameId, row]) => (isOld(row) ? [gameId] : []));
  return db.transact(old, options, (transaction) => {
    const left = old.filter((gameId) => isOld(rows.get(gameId, transaction)));
    for (const gameId of left) rows.set(gameId, undefined, transaction);
    return left.length;
  });
}

/** Deletes history older than this of games that have no row any more; returns how many. */
export async function purgeHistory(db: Database, olderThanMs: number, options?: CallOptions): Promise<number> {
  assertWhole("olderThanMs", olderThanMs, 0);
  const { rows, history } = db.space;
  const until = db.space.now() - olderThanMs;
  const isOver = (gameId: GameId, transaction: MemoryTransaction | undefined) =>
    (history.get(gameId, transaction)?.record.endedAt ?? until + 1) <= until &&
    rows.get(gameId, transaction) === undefined;
  const seen = db.check(options);
  const old = history.entries(seen).flatMap(([gameId]) => (isOver(gameId, seen) ? [gameId] : []));
  return db.transact(old, options, (transaction) => {
    const left = old.filter((gameId) => isOver(gameId, transaction));
    for (const gameId of left) history.set(gameId, undefined, transaction);
    return left.length;
  });
}
