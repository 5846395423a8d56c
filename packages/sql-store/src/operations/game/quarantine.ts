import { assertGameId, type GameId } from "@turnkeep/core";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** Quarantines a live or ended row, with the reason and the bytes that could not be read. $1 id · $2 reason · $3 bytes */
const quarantineGame: Statement<{ id: string }> = {
  name: "quarantine-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} SET status = 'quarantined', quarantine_reason = $2::text, quarantined = $3::bytea
    WHERE id = $1::uuid AND status IN ('live', 'ended')
    RETURNING id`,
};

/** Quarantines a live or ended game; false if there is none. */
export async function quarantine(
  db: Database,
  gameId: GameId,
  reason: string,
  unreadable: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  assertGameId(gameId);
  const rows = await db.run(quarantineGame, [gameId, reason, Buffer.from(unreadable)], options);
  return rows.length > 0;
}
