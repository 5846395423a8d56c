import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { elementSchema } from "./element.js";

/**
 * What can be wrong with a creature in play. Dazed: it cannot attack in this turn. Rooted: it cannot retreat in this
 * turn. Drowsy: neither, until a coin between turns shows heads. Venomed: damage between turns. Scorched: more damage
 * between turns, until a coin shows heads.
 */
export const conditionSchema = z.enum(["dazed", "drowsy", "rooted", "scorched", "venomed"]);
export type Condition = z.infer<typeof conditionSchema>;

const amount = z.int().min(1).max(1_000);
const count = z.int().min(1).max(60);

/** What an attack or a trainer card does besides plain damage: data, which the rules carry out in order. */
export const effectSchema = z.discriminatedUnion("op", [
  /** The player draws, as far as the deck goes. */
  z.strictObject({ op: z.literal("draw"), count }),
  /** The player's hand goes back into the deck, which is shuffled; then they draw. */
  z.strictObject({ op: z.literal("renewHand"), count }),
  /** The first cards of this kind in the deck come to the hand, shown to all; the deck is shuffled. */
  z.strictObject({ op: z.literal("search"), kind: z.enum(["creature", "energy", "trainer"]), count }),
  /** The newest energies of the discard pile come back to the hand. */
  z.strictObject({ op: z.literal("recoverEnergy"), count }),
  /** The newest energy of the discard pile is attached to the active creature, or to the chosen one of their own. */
  z.strictObject({ op: z.literal("rekindle"), target: z.enum(["active", "chosen"]) }),
  /** Removes damage from the player's own active creature, the chosen one, or all of their own. */
  z.strictObject({ op: z.literal("heal"), amount, target: z.enum(["active", "chosen", "all"]) }),
  /** The player's own active creature is rid of its conditions. */
  z.strictObject({ op: z.literal("cure") }),
  /** A coin flip; heads adds to the attack's damage. */
  z.strictObject({ op: z.literal("damageOnHeads"), amount }),
  /** Adds to the attack's damage for each energy on the attacker. */
  z.strictObject({ op: z.literal("damagePerEnergy"), amount }),
  /** Adds to the attack's damage where the defender is hurt already. */
  z.strictObject({ op: z.literal("damageIfHurt"), amount }),
  /** Damage to every creature on the opponent's bench. */
  z.strictObject({ op: z.literal("damageBench"), amount }),
  /** Damage to the attacker itself. */
  z.strictObject({ op: z.literal("recoil"), amount }),
  /** The newest energies come off the player's own or the opponent's active creature. */
  z.strictObject({ op: z.literal("discardEnergy"), count, from: z.enum(["own", "opponent"]) }),
  /** Lays a condition on the opponent's active creature. */
  z.strictObject({ op: z.literal("inflict"), condition: conditionSchema }),
  /** The same, where a coin shows heads. */
  z.strictObject({ op: z.literal("inflictOnHeads"), condition: conditionSchema }),
  /** The player's active creature and the chosen one of their bench change places. */
  z.strictObject({ op: z.literal("switchActive") }),
  /** The opponent's active creature and the chosen one of their bench change places. */
  z.strictObject({ op: z.literal("dragOut") }),
]);
export type Effect = DeepReadonly<z.infer<typeof effectSchema>>;

const element = elementSchema.nullable();
const change = z.int().min(-1_000).max(1_000);

/**
 * What a stadium does to all creatures in play, and a tool to the one that wears it, as long as it lies there;
 * `element` confines it to creatures of that element.
 */
export const continuingEffectSchema = z.discriminatedUnion("op", [
  /** Changes the damage of its attacks that do any, not below 0; before weakness. */
  z.strictObject({ op: z.literal("attackDamage"), amount: change, element }),
  /** Changes the damage that attacks of the opponent do to it while it is active, not below 0; after weakness. */
  z.strictObject({ op: z.literal("damageTaken"), amount: change, element }),
  z.strictObject({ op: z.literal("hitPoints"), amount: change, element }),
  /** Changes what a retreat costs, not below 0. */
  z.strictObject({ op: z.literal("retreatCost"), amount: change, element }),
  /** Between turns, removes damage while it is active. */
  z.strictObject({ op: z.literal("mend"), amount, element }),
  /** The condition cannot be laid on it. */
  z.strictObject({ op: z.literal("ward"), condition: conditionSchema, element }),
]);
export type ContinuingEffect = DeepReadonly<z.infer<typeof continuingEffectSchema>>;
