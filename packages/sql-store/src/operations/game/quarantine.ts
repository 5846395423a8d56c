import { assertGameId, type GameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { QuarantinedGame, RowAt, UnflushedCopy } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { versionOf } from "../../schema/rows.js";
import { standingOf } from "../flush/classify.js";
import { checkItems, flushLocked } from "../flush/flush.js";
import { type LockedRow, lockGame } from "../locked-row.js";

/**
 * Quarantines a live or ended row that has not moved on since it was read, with the reason and the bytes that could not
 * be read. $1 id · $2 fence · $3 lineage · $4 revision · $5 reason · $6 bytes
 */
const quarantineGame: Statement<{ id: string }> = {
  name: "quarantine-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} SET status = 'quarantined', quarantine_reason = $5::text, quarantined = $6::bytea
    WHERE id = $1::uuid AND status IN ('live', 'ended')
      AND fence = $2::bigint AND lineage = $3::bigint AND revision = $4::bigint
    RETURNING id`,
};

/** Quarantines a live or ended game; false if there is none, or its row has moved on. */
export async function quarantine(
  db: Database,
  { gameId, version, fence }: RowAt,
  reason: string,
  unreadable: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  assertGameId(gameId);
  const values = [gameId, fence, lineageOf(version), revisionOf(version), reason, Buffer.from(unreadable)];
  const rows = await db.run(quarantineGame, values, options);
  return rows.length > 0;
}

/** A quarantined game, with what could not be read or stored. $1 id */
const readQuarantinedStatement: Statement<
  Pick<LockedRow, "lineage" | "revision" | "fence"> & { reason: string | null; kept: string; state: string | null }
> = {
  name: "read-quarantined",
  writes: false,
  sql: (t) => `
    SELECT lineage, revision, fence, quarantine_reason AS reason,
      encode(coalesce(quarantined, ''), 'base64') AS kept, state
    FROM ${t.games} WHERE id = $1::uuid AND status = 'quarantined'`,
};

/** What a quarantined game has; `null` for every other game. */
export async function readQuarantined(
  db: Database,
  gameId: GameId,
  options?: CallOptions,
): Promise<QuarantinedGame | null> {
  const [row] = await db.run(readQuarantinedStatement, [assertGameId(gameId)], options);
  if (row === undefined) return null;
  const { fence, reason, kept, state } = row;
  return { gameId, version: versionOf(row), fence, reason, kept: new Uint8Array(Buffer.from(kept, "base64")), state };
}

/**
 * Makes a quarantined row live again, or ended if it was, under a fresh fence: a copy from before is refused until it
 * adopts it. The row must be locked. $1 id
 */
const releaseGame: Statement<{ fence: string }> = {
  name: "release-game",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    UPDATE ${t.games} SET
      status = CASE WHEN outcome IS NULL THEN 'live' ELSE 'ended' END, fence = ${t.fenceAbove("fence")},
      quarantine_reason = NULL, quarantined = NULL
    WHERE id = $1::uuid AND status = 'quarantined'
    RETURNING fence`,
};

/** Takes a game out of quarantine, with this copy written over its row; false if the row is no longer this one. */
export async function release(
  db: Database,
  { gameId, version, fence }: RowAt,
  copy: UnflushedCopy | null,
  options?: CallOptions,
): Promise<boolean> {
  assertGameId(gameId);
  // Before the row changes: a caller's transaction may commit in spite of what is thrown here.
  if (copy !== null) checkItems([copy]);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    if (row?.status !== "quarantined" || versionOf(row) !== version || row.fence !== fence) return false;
    if (copy !== null && standingOf(row, { ...copy, fence }) !== null) return false;
    const [released] = await session.run(releaseGame, [gameId]);
    if (copy !== null && released) await flushLocked(session, { ...copy, gameId, fence: released.fence });
    return true;
  });
}
