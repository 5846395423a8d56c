import { type DeepReadonly, isNpc, type Outcome, outcomeSchema, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { cardPlayerIdSchema } from "./parts/ids.js";

/** Why a card game ended, in the game's own words. */
export const cardEndReasonSchema = z.enum([
  "prizesTaken",
  "noCreaturesLeft",
  "deckEmpty",
  "conceded",
  "timedOut",
  "turnLimitReached",
  "tied",
  "expired",
  "abandoned",
]);
export type CardEndReason = z.infer<typeof cardEndReasonSchema>;

/** How a card game ended; `winnerId` is a player of it, or `null` where nobody won. */
export const gameResultSchema = z.strictObject({
  winnerId: cardPlayerIdSchema.nullable(),
  reason: cardEndReasonSchema,
});
export type GameResult = DeepReadonly<z.infer<typeof gameResultSchema>>;

/** Why a card game ended, as the store and history record it. */
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
type RecordedReason = z.infer<typeof endReasonSchema>;

/** How a card game ended, as the store and history record it. */
export const cardOutcomeSchema = z.strictObject({ ...outcomeSchema.shape, endReason: endReasonSchema });

/** A reason without an entry here does not compile. */
const recordedReasons: Readonly<Record<CardEndReason, RecordedReason>> = {
  prizesTaken: "prizes",
  noCreaturesLeft: "knockout",
  deckEmpty: "deck_out",
  conceded: "concession",
  timedOut: "timeout",
  turnLimitReached: "turn_limit",
  tied: "draw",
  expired: "expired",
  abandoned: "abandoned",
};

/** The store's word for the game's. @throws InvalidInput for a value that is no reason of the game */
export function toEndReason(reason: unknown): RecordedReason {
  const known = cardEndReasonSchema.safeParse(reason);
  if (known.success) return recordedReasons[known.data];
  throw new TurnkeepError("InvalidInput", "no such reason for the end of a card game", { issues: ["reason"] });
}

/** The result as the store records it: only a human winner has an id there. */
export function toOutcome({ winnerId, reason }: GameResult): Outcome {
  const winnerIsNpc = winnerId !== null && isNpc(winnerId);
  const winnerIds = winnerId === null || winnerIsNpc ? [] : [winnerId];
  return { endReason: toEndReason(reason), winnerIds, winnerIsNpc };
}
