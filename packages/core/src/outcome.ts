import * as z from "zod";

/** Why a game ended, as the store and history record it. */
export const endReasonSchema = z.enum([
  "prizes",
  "knockout",
  "deck_out",
  "concession",
  "timeout",
  "turn_limit",
  "draw",
  "expired",
  "abandoned",
]);
export type EndReason = z.infer<typeof endReasonSchema>;

/** What kind of game it is, as the store records it. */
export const gameTypeSchema = z.enum(["campaign", "freeplay", "ranked"]);
export type GameType = z.infer<typeof gameTypeSchema>;

/** How a game ended. `winnerId` is a user's UUID, and `null` for draws and NPC wins. */
export const outcomeSchema = z
  .strictObject({ winnerId: z.uuid().nullable(), winnerIsNpc: z.boolean(), endReason: endReasonSchema })
  .refine(({ winnerId, winnerIsNpc }) => winnerId === null || !winnerIsNpc, "a user and an NPC cannot both have won");
export type Outcome = z.infer<typeof outcomeSchema>;
