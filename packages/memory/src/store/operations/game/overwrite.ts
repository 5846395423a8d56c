import { assertWriteId, rememberWrite, revisionOf, toVersion } from "@turnkeep/core";
import type { ActiveGame, OverwriteRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { appendEntries, withGame } from "../../stored-row.js";

/** OVERWRITE: the next revision in a lineage of its own; `null` if the row is not live at the base. */
export function overwrite(db: Database, request: OverwriteRequest, options?: CallOptions): Promise<ActiveGame | null> {
  const { gameId, baseRevision, state, schemaVersion, turnNumber, dueAt, writeId, entries = [] } = request;
  assertWriteId(writeId);
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const row = space.rows.get(gameId, transaction);
    if (row?.status !== "live" || revisionOf(row.game.version) !== baseRevision) return null;
    const fence = space.drawFence();
    const version = toVersion(fence, String(BigInt(baseRevision) + 1n));
    const logCount = row.game.logCount + entries.length;
    const written = withGame(row, {
      version,
      fence,
      state,
      schemaVersion,
      turnNumber,
      dueAt,
      logCount,
      writeIds: rememberWrite(row.game.writeIds, writeId, version),
      lastActionAt: space.now(),
    });
    space.rows.set(gameId, appendEntries(written, entries, logCount), transaction);
    return written.game;
  });
}
