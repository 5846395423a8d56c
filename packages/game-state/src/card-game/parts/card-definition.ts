import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { continuingEffectSchema, effectSchema } from "./effect.js";
import { elementSchema } from "./element.js";
import { definitionIdSchema } from "./ids.js";

/** One energy of a cost: of this element, or any. */
export const energyCostSchema = z.union([elementSchema, z.literal("any")]);
export type EnergyCost = z.infer<typeof energyCostSchema>;

const name = z.string().min(1).max(80);

export const attackSchema = z.strictObject({
  name,
  cost: z.array(energyCostSchema).max(8),
  damage: z.int().min(0).max(1_000),
  effects: z.array(effectSchema).max(8),
});
export type Attack = DeepReadonly<z.infer<typeof attackSchema>>;

const creatureSchema = z.strictObject({
  kind: z.literal("creature"),
  id: definitionIdSchema,
  name,
  element: elementSchema,
  /** The creature that it is played onto; `null` for one that comes from the hand by itself. */
  evolvesFrom: definitionIdSchema.nullable(),
  hitPoints: z.int().min(10).max(1_000),
  attacks: z.array(attackSchema).min(1).max(4),
  /** Energies that are discarded to go back to the bench. */
  retreatCost: z.int().min(0).max(8),
  /** Attacks by creatures of this element do double damage. */
  weakness: elementSchema.nullable(),
  /** Prizes that the opponent takes for knocking it out. */
  prizeValue: z.int().min(1).max(6),
});
export type CreatureDefinition = DeepReadonly<z.infer<typeof creatureSchema>>;

const energySchema = z.strictObject({
  kind: z.literal("energy"),
  id: definitionIdSchema,
  name,
  element: elementSchema,
});
export type EnergyDefinition = DeepReadonly<z.infer<typeof energySchema>>;

const trainerSchema = z.strictObject({
  kind: z.literal("trainer"),
  id: definitionIdSchema,
  name,
  /** Of supporters, one may be played in a turn; of items, any number. */
  role: z.enum(["item", "supporter"]),
  effects: z.array(effectSchema).min(1).max(8),
});
export type TrainerDefinition = DeepReadonly<z.infer<typeof trainerSchema>>;

const continuing = z.array(continuingEffectSchema).min(1).max(4);

/** Lies in the middle until another one takes its place. */
const stadiumSchema = z.strictObject({ kind: z.literal("stadium"), id: definitionIdSchema, name, continuing });
export type StadiumDefinition = DeepReadonly<z.infer<typeof stadiumSchema>>;

/** Is attached to a creature, one to each, and leaves play with it. */
const toolSchema = z.strictObject({ kind: z.literal("tool"), id: definitionIdSchema, name, continuing });
export type ToolDefinition = DeepReadonly<z.infer<typeof toolSchema>>;

/** What is printed on a card. */
export const cardDefinitionSchema = z.discriminatedUnion("kind", [
  creatureSchema,
  energySchema,
  trainerSchema,
  stadiumSchema,
  toolSchema,
]);
export type CardDefinition = DeepReadonly<z.infer<typeof cardDefinitionSchema>>;
