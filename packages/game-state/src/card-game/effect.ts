import * as z from "zod";
import type { DeepReadonly } from "../core/deep-readonly.js";

/** What can be wrong with a creature in play. */
export const conditionSchema = z.enum(["dazed", "rooted", "venomed"]);
export type Condition = z.infer<typeof conditionSchema>;

const amount = z.int().min(1).max(1_000);
const count = z.int().min(1).max(60);

/** What an attack or a trainer card does besides plain damage: data, which the rules carry out in order. */
export const effectSchema = z.discriminatedUnion("op", [
  /** The player draws, as far as the deck goes. */
  z.strictObject({ op: z.literal("draw"), count }),
  /** Removes damage from the player's own active creature, or from the chosen one of their own. */
  z.strictObject({ op: z.literal("heal"), amount, target: z.enum(["active", "chosen"]) }),
  /** A coin flip; heads adds to the attack's damage. */
  z.strictObject({ op: z.literal("damageOnHeads"), amount }),
  /** Damage to every creature on the opponent's bench. */
  z.strictObject({ op: z.literal("damageBench"), amount }),
  /** Damage to the attacker itself. */
  z.strictObject({ op: z.literal("recoil"), amount }),
  /** Lays a condition on the opponent's active creature. */
  z.strictObject({ op: z.literal("inflict"), condition: conditionSchema }),
  /** The player's active creature and the chosen one of their bench change places. */
  z.strictObject({ op: z.literal("switchActive") }),
]);
export type Effect = DeepReadonly<z.infer<typeof effectSchema>>;
