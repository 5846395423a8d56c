import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { cardInstanceSchema } from "./card-instance.js";
import { cardPlayerIdSchema } from "./ids.js";

/** The state keeps at most so many of the newest records; the whole story is the game's log. */
export const recentActionsKept = 20;

export const recordTypeSchema = z.enum([
  "mulligan",
  "mulliganDraw",
  "setUp",
  "draw",
  "playCreature",
  "attachEnergy",
  "evolve",
  "playTrainer",
  "playStadium",
  "attachTool",
  "retreat",
  "attack",
  "promote",
  "discard",
  "endTurn",
  "concede",
  "offerDraw",
  "acceptDraw",
  "declineDraw",
  "timeOut",
  "close",
  "coinFlip",
  "damage",
  "heal",
  "condition",
  "cure",
  "search",
  "recover",
  "discardEnergy",
  "leaveStadium",
  "knockOut",
  "takePrizes",
]);
export type RecordType = z.infer<typeof recordTypeSchema>;

/** One thing that happened, as clients show it to their players. */
export const actionRecordSchema = z.strictObject({
  /** Counts the records of a game, from 1. */
  seq: z.int().min(1),
  turn: z.int().min(0),
  type: recordTypeSchema,
  /** Who did it, or to whose side it happened. */
  playerId: cardPlayerIdSchema,
  /** The cards concerned. */
  cards: z.array(cardInstanceSchema).max(200),
  /** `player`: the cards are hidden from everybody else, who see only how many. */
  visibleTo: z.enum(["all", "player"]),
  /**
   * Damage done or healed; 1 and 0 for heads and tails; which attack; which condition, by its place in
   * `conditionSchema`; `null` where there is nothing to count.
   */
  amount: z.int().min(0).nullable(),
  /** When, in ms since the epoch, as the action said; `null` where it said nothing. */
  at: z.int().min(0).nullable(),
});
export type ActionRecord = DeepReadonly<z.infer<typeof actionRecordSchema>>;
