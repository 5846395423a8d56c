import type { GameId } from "@turnkeep/core";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import type { StoreSpace } from "../../store-space.js";
import type { MemoryTransaction } from "../../transaction.js";

type Seen = MemoryTransaction | undefined;

/** Deletes what is older than this out of a table; returns how many. */
const purging =
  (table: "rows" | "history", sinceOf: (space: StoreSpace, gameId: GameId, transaction: Seen) => number | null) =>
  async (db: Database, olderThanMs: number, options?: CallOptions): Promise<number> => {
    assertWhole("olderThanMs", olderThanMs, 0);
    const { space } = db;
    const until = space.now() - olderThanMs;
    const isOld = (gameId: GameId, transaction: Seen) => {
      const since = sinceOf(space, gameId, transaction);
      return since !== null && since <= until;
    };
    const seen = db.check(options);
    const old = space[table].entries(seen).flatMap(([gameId]) => (isOld(gameId, seen) ? [gameId] : []));
    return db.transact(old, options, (transaction) => {
      const left = old.filter((gameId) => isOld(gameId, transaction));
      for (const gameId of left) space[table].set(gameId, undefined, transaction);
      return left.length;
    });
  };

/** Deletes tombstones. A tombstone never becomes a game again, so none changes here. */
export const purgeTombstones = purging("rows", ({ rows }, gameId, transaction) => {
  const row = rows.get(gameId, transaction);
  return row !== undefined && "since" in row ? row.since : null;
});

/** Deletes history of games that have no row any more. */
export const purgeHistory = purging("history", ({ rows, history }, gameId, transaction) =>
  rows.get(gameId, transaction) === undefined ? (history.get(gameId, transaction)?.record.endedAt ?? null) : null,
);
