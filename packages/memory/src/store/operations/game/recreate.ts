import type { CopyWithOrigin } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { type ActiveRow, appendEntries } from "../../stored-row.js";
import { statusOf } from "./status.js";

/** RECREATE: a row as the copy has it, only if rows, tombstones and history know nothing of the game. */
export function recreate(
  db: Database,
  { origin, entries, base: _, metadata = null, ...copy }: CopyWithOrigin,
  options?: CallOptions,
): Promise<boolean> {
  const { space } = db;
  return db.transact([copy.gameId], options, (transaction) => {
    if (statusOf(space, copy.gameId, transaction) !== "missing") return false;
    const metadataVersion = metadata === null ? "0" : space.drawFence();
    const game = { ...copy, ...origin, metadata, metadataVersion, lastActionAt: space.now() };
    const row: ActiveRow = { status: copy.status, game, initialState: null, log: [] };
    space.rows.set(copy.gameId, appendEntries(row, entries, copy.logCount), transaction);
    return true;
  });
}
