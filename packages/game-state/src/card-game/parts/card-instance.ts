import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { conditionSchema } from "./effect.js";
import { cardIdSchema, definitionIdSchema } from "./ids.js";

/** One card of a game, wherever it lies. */
export const cardInstanceSchema = z.strictObject({
  id: cardIdSchema,
  definitionId: definitionIdSchema,
  /** The seat of the player whose deck it came from: an index into the turn order. */
  owner: z.int().min(0).max(1),
});
export type CardInstance = DeepReadonly<z.infer<typeof cardInstanceSchema>>;

/** A creature in play, with what lies on it. */
export const creatureInPlaySchema = cardInstanceSchema.extend({
  damage: z.int().min(0).max(100_000),
  energy: z.array(cardInstanceSchema).max(60),
  tools: z.array(cardInstanceSchema).max(4),
  conditions: z.array(conditionSchema).max(5),
  /** What it has evolved from: the first form first. */
  under: z.array(cardInstanceSchema).max(4),
  /** The turn in which it came into play, or last evolved. */
  enteredOnTurn: z.int().min(0),
});
export type CreatureInPlay = DeepReadonly<z.infer<typeof creatureInPlaySchema>>;
