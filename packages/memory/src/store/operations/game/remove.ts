import { type GameId, toVersion } from "@turnkeep/core";
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
      const { version, writeIds } = isTombstone ? row : { version: toVersion(space.drawFence(), "1"), writeIds: "" };
      space.rows.set(gameId, { status: "deleted", since: space.now(), version, writeIds }, transaction);
    } else if (row !== undefined && "game" in row) {
      space.rows.set(gameId, tombstoneOf(row, "deleted", space.now()), transaction);
    } else if (before === "missing" && options?.markMissing) {
      const version = toVersion(space.drawFence(), "1");
      space.rows.set(gameId, { status: "deleted", since: space.now(), version, writeIds: "" }, transaction);
    }
    return before;
  });
}
