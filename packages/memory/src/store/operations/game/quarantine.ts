import { compareVersions, type GameId } from "@turnkeep/core";
import type { QuarantinedGame, RowAt, UnflushedCopy } from "@turnkeep/core/ports";
import { assertBatch } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { type ActiveRow, isActive, withGame } from "../../stored-row.js";
import { standingOf } from "../flush/classify.js";
import { writtenOver } from "../flush/flush.js";

/** QUARANTINE: a row that has not moved on stays as it is for an operator, and nothing serves or changes it. */
export function quarantine(
  db: Database,
  { gameId, version, fence }: RowAt,
  reason: string,
  unreadable: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  const { rows } = db.space;
  return db.transact([gameId], options, (transaction) => {
    const row = rows.get(gameId, transaction);
    if (!isActive(row) || row.game.version !== version || row.game.fence !== fence) return false;
    rows.set(gameId, { ...row, status: "quarantined", reason, unreadable: unreadable.slice() }, transaction);
    return true;
  });
}

/** What a quarantined game has; `null` for every other game. */
export function readQuarantined(db: Database, gameId: GameId, options?: CallOptions): QuarantinedGame | null {
  const row = db.space.rows.get(gameId, db.check(options, gameId));
  if (row?.status !== "quarantined") return null;
  const { version, fence, state } = row.game;
  return { gameId, version, fence, reason: row.reason, kept: row.unreadable.slice(), state };
}

/** RELEASE: the row is live or ended again, under a fresh fence, with the copy written over it. */
export function release(
  db: Database,
  { gameId, version, fence }: RowAt,
  copy: UnflushedCopy | null,
  options?: CallOptions,
): Promise<boolean> {
  if (copy !== null) assertBatch([copy]);
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const row = space.rows.get(gameId, transaction);
    if (row?.status !== "quarantined" || row.game.version !== version || row.game.fence !== fence) return false;
    const { reason: _r, unreadable: _u, ...rest } = row;
    const released: ActiveRow = { ...rest, status: row.game.status };
    if (copy !== null && standingOf(released, { ...copy, fence }) !== null) return false;
    const fenced = withGame(released, { fence: space.drawFence() });
    const isNewer = copy !== null && compareVersions(version, copy.version) < 0;
    space.rows.set(gameId, isNewer ? writtenOver(fenced, copy, space.now()) : fenced, transaction);
    return true;
  });
}
