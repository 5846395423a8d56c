import type { PlayerId } from "./player-id.js";

const npcPrefix = "npc:";

/** True for a player who is an NPC. */
export function isNpc(playerId: PlayerId): boolean {
  return playerId.startsWith(npcPrefix);
}

/** The NPC's own id, or `null` for a human. */
export function npcIdOf(playerId: PlayerId): string | null {
  return isNpc(playerId) ? playerId.slice(npcPrefix.length) : null;
}
