import * as z from "zod";
import { playerIdSchema } from "./player-id.js";

/** A word that a game brings, such as a reason for its end: lower-case letters, digits and `_`, at most 64. */
export const wordSchema = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);

/** Why a game ended, in the words of its definition. */
export type EndReason = string;

/** What kind of game it is, in the words of its definition. */
export type GameType = string;

/** A game of any definition may end with this reason: nobody played for too long. */
export const expiredReason = "expired" satisfies EndReason;

/** How a game ended. `winnerId` is a human player's id, and `null` for draws and NPC wins. */
export const outcomeSchema = z
  .strictObject({ winnerId: playerIdSchema.nullable(), winnerIsNpc: z.boolean(), endReason: wordSchema })
  .refine(({ winnerId, winnerIsNpc }) => winnerId === null || !winnerIsNpc, "a human and an NPC cannot both have won");
export type Outcome = z.infer<typeof outcomeSchema>;

/** The words of a game definition. `null` allows any word. */
export interface GameWords {
  /** Why a game of this kind can end; `expired` need not be named. */
  readonly endReasons: readonly EndReason[] | null;
  /** What kinds of games there are; a game without its row is archived as the first of them, or `unknown`. */
  readonly gameTypes: readonly GameType[] | null;
}

/** The outcomes that a game of this definition can have. */
export function outcomeSchemaOf({ endReasons }: GameWords): z.ZodType<Outcome> {
  const isKnown = (reason: EndReason) => endReasons === null || endReasons.includes(reason) || reason === expiredReason;
  return outcomeSchema.refine(({ endReason }) => isKnown(endReason), {
    path: ["endReason"],
    error: "no reason of this game",
  });
}

/** The types that a game of this definition can have. */
export function gameTypeSchemaOf({ gameTypes }: GameWords): z.ZodType<GameType> {
  return gameTypes === null ? wordSchema : z.enum(gameTypes);
}
