import { cardIdSchema } from "@turnkeep/game-state";
import * as z from "zod";

/** When the action was taken, in ms since the epoch. A server writes it over whatever a client says. */
const at = z.int().min(0).optional();

const hand = z.array(cardIdSchema).max(200);

/** What a player can do. Cards are named by their ids. */
export const cardActionSchema = z.discriminatedUnion("type", [
  /** The first creatures, once, before the first turn. */
  z.strictObject({ type: z.literal("setUp"), active: cardIdSchema, bench: hand, at }),
  z.strictObject({ type: z.literal("draw"), at }),
  z.strictObject({ type: z.literal("playCreature"), cardId: cardIdSchema, at }),
  z.strictObject({ type: z.literal("attachEnergy"), cardId: cardIdSchema, targetId: cardIdSchema, at }),
  /** `targetId`: the creature that the card's text asks for; `null` if it asks for none. */
  z.strictObject({ type: z.literal("playTrainer"), cardId: cardIdSchema, targetId: cardIdSchema.nullable(), at }),
  /** The active creature pays with its newest energies and changes places with this one of the bench. */
  z.strictObject({ type: z.literal("retreat"), benchId: cardIdSchema, at }),
  /** Ends the turn. */
  z.strictObject({ type: z.literal("attack"), attackIndex: z.int().min(0).max(3), at }),
  /** Forced: a creature of the bench takes the empty active place. */
  z.strictObject({ type: z.literal("promote"), cardId: cardIdSchema, at }),
  /** Forced: down to the hand limit. */
  z.strictObject({ type: z.literal("discard"), cardIds: hand.min(1), at }),
  z.strictObject({ type: z.literal("endTurn"), at }),
  /** At any time. */
  z.strictObject({ type: z.literal("concede"), at }),
]);
export type CardAction = z.infer<typeof cardActionSchema>;
export type CardActionOf<T extends CardAction["type"]> = Extract<CardAction, { type: T }>;
