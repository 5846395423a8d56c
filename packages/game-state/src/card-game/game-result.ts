import type { DeepReadonly, EndReason, Outcome } from "@turnkeep/core";
import { TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { isNpc, playerIdSchema } from "./ids.js";

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
  winnerId: playerIdSchema.nullable(),
  reason: cardEndReasonSchema,
});
export type GameResult = DeepReadonly<z.infer<typeof gameResultSchema>>;

/** A reason without an entry here does not compile. */
const endReasons: Readonly<Record<CardEndReason, EndReason>> = {
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
export function toEndReason(reason: unknown): EndReason {
  const known = cardEndReasonSchema.safeParse(reason);
  if (known.success) return endReasons[known.data];
  throw new TurnkeepError("InvalidInput", "no such reason for the end of a card game", { issues: ["reason"] });
}

/** The result as the store records it: only a human winner has an id there. */
export function toOutcome({ winnerId, reason }: GameResult): Outcome {
  const winnerIsNpc = winnerId !== null && isNpc(winnerId);
  return { winnerId: winnerIsNpc ? null : winnerId, winnerIsNpc, endReason: toEndReason(reason) };
}
