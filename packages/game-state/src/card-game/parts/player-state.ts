import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { cardInstanceSchema, creatureInPlaySchema } from "./card-instance.js";
import { cardPlayerIdSchema } from "./ids.js";

/** What the player has done in this turn; all false when it begins. */
export const turnFlagsSchema = z.strictObject({
  energyAttached: z.boolean(),
  supporterPlayed: z.boolean(),
  retreated: z.boolean(),
  drawOffered: z.boolean(),
});
export type TurnFlags = DeepReadonly<z.infer<typeof turnFlagsSchema>>;

export const noTurnFlags: TurnFlags = Object.freeze({
  energyAttached: false,
  supporterPlayed: false,
  retreated: false,
  drawOffered: false,
});

const zone = z.array(cardInstanceSchema).max(200);

/** A player and the zones of their side. The top of the deck, and the newest of the discard pile, are last. */
export const playerStateSchema = z.strictObject({
  id: cardPlayerIdSchema,
  name: z.string().min(1).max(80),
  deck: zone,
  hand: zone,
  prizes: zone,
  discard: zone,
  bench: z.array(creatureInPlaySchema).max(10),
  active: creatureInPlaySchema.nullable(),
  flags: turnFlagsSchema,
  /** How often this player has run out of time. */
  timeouts: z.int().min(0),
});
export type PlayerState = DeepReadonly<z.infer<typeof playerStateSchema>>;
