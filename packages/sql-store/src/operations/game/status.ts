import { assertGameId, findWrite as findIn, type GameId, type Version, type WriteId } from "@turnkeep/core";
import type { LoadReply, StoredStatus } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { unavailable } from "../../errors.js";

export interface StatusRow {
  readonly id: string;
  /** Of the row, or `archived` where only history is left, or `missing`. */
  readonly status: StoredStatus;
  /** `null` if there is no row, as all that follows. */
  readonly lineage: string | null;
  readonly revision: string | null;
  readonly fence: string | null;
  readonly write_ids: string | null;
  readonly quarantine_reason: string | null;
}

/** Where games are, in rows and in history; without their states, locking nothing. $1 ids */
export const gameStatus: Statement<StatusRow> = {
  name: "game-status",
  writes: false,
  sql: (t) => `
    SELECT asked.id,
      coalesce(g.status, CASE WHEN h.game_id IS NULL THEN 'missing' ELSE 'archived' END) AS status,
      g.lineage, g.revision, g.fence, g.write_ids, g.quarantine_reason
    FROM unnest($1::uuid[]) AS asked (id)
    LEFT JOIN ${t.games} g ON g.id = asked.id
    LEFT JOIN ${t.history} h ON h.game_id = asked.id`,
};

/** Where one game is, and what its row remembers, by a statement of its own. */
export async function readStatus(db: Database, gameId: GameId, options?: CallOptions): Promise<StatusRow> {
  const [row] = await db.run(gameStatus, [[assertGameId(gameId)]], options);
  if (row) return row;
  throw new Error("a question about one game has one answer");
}

/** Where the game is; looks into history too. */
export async function status(db: Database, gameId: GameId, options?: CallOptions): Promise<StoredStatus> {
  return (await readStatus(db, gameId, options)).status;
}

/** The version that a write made, if the row, or the tombstone of an archived game, remembers it. */
export async function findWrite(
  db: Database,
  gameId: GameId,
  writeId: WriteId,
  options?: CallOptions,
): Promise<Version | null> {
  const { status, write_ids } = await readStatus(db, gameId, options);
  return status === "deleted" || status === "quarantined" ? null : findIn(write_ids ?? "", writeId);
}

/** What a load without a row means; `null` if the row is live or ended by now, so that the load is tried again. */
export function withoutRow({ status, quarantine_reason }: StatusRow): LoadReply | null {
  if (status === "live" || status === "ended") return null;
  if (status === "quarantined") return { kind: "quarantined", reason: quarantine_reason };
  return { kind: "none", status };
}

const mostAttempts = 10;

/**
 * Tries again, a few times at most, if a row came or went between two statements of one operation.
 * @param attempt gives `null` if the row changed, or is locked and not waited for
 * @throws StoreUnavailable, reason `busy`, if it does every time
 */
export async function whileRowChanges<T>(attempt: () => Promise<T | null>, attempts = mostAttempts): Promise<T> {
  for (let count = 0; count < attempts; count += 1) {
    const result = await attempt();
    if (result !== null) return result;
  }
  throw unavailable("the game's row is locked, or changes too fast", "notDone", undefined, "busy");
}
