import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";

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
