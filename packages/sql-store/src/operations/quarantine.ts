import { assertGameId, type GameId } from "@turnkeep/core";
import type { CallOptions, Database } from "../database.js";
import { quarantineGame } from "../statements/quarantine-game.js";

/** Sets a live or ended game aside; false where there is none. */
export async function quarantine(
  db: Database,
  gameId: GameId,
  reason: string,
  unreadable: Uint8Array,
  options: CallOptions,
): Promise<boolean> {
  assertGameId(gameId);
  const rows = await db.run(quarantineGame, [gameId, reason, Buffer.from(unreadable)], options);
  return rows.length > 0;
}
