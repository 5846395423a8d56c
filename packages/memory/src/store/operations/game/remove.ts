import type { GameId } from "@turnkeep/core";
import type { RemoveOptions, StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { tombstoneOf } from "../../stored-row.js";
import { statusOf } from "./status.js";

/** REMOVE: leaves a tombstone; a tombstone that is there already stays as it is. Returns the status before. */
export function remove(db: Database, gameId: GameId, options?: CallOptions & RemoveOptions): Promise<StoredStatus> {
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const before = statusOf(space, gameId, transaction);
    const row = space.rows.get(gameId, transaction);
    if (before === "archived" && options?.history) {
      space.history.set(gameId, undefined, transaction);
      const isTombstone = row !== undefined && "since" in row;
      const tombstone = isTombstone
        ? { ...row, status: "deleted" as const, since: space.now() }
        : space.tombstone("deleted");
      space.rows.set(gameId, tombstone, transaction);
    } else if (row !== undefined && "game" in row) {
      space.rows.set(gameId, tombstoneOf(row, "deleted", space.now()), transaction);
    } else if (before === "missing" && options?.markMissing) {
      space.rows.set(gameId, space.tombstone("deleted"), transaction);
    }
    return before;
  });
}
