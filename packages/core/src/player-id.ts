import * as z from "zod";

/** Names a player: kept and compared as it is, with no other spelling. An NPC's is `npc:<npcId>`. */
export type PlayerId = string;

/** A game has at most so many players. */
export const maxPlayers = 64;

/**
 * 1 to 128 characters of well-formed Unicode, without control characters and line breaks. What no state can have as a
 * key is no id.
 */
const playerIdPattern = /^(?!(?:__proto__|constructor|prototype)$)[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,128}$/u;

/** The one schema for ids of players and of NPCs; a game may want less. */
export const playerIdSchema = z.string().regex(playerIdPattern, "expected 1 to 128 printable characters");

/** The ids of a game's players, each once. */
export const playerIdsSchema = z
  .array(playerIdSchema)
  .max(maxPlayers)
  .refine((ids) => new Set(ids).size === ids.length, "each player once");
