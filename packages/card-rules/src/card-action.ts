import { cardIdSchema } from "@turnkeep/game-state";
import * as z from "zod";

/** A server writes both over whatever a client says; they are in the log, so that a replay sees the same times. */
const timestamps = {
  /** When the action was taken, in ms since the epoch; for display only. */
  at: z.int().min(0).optional(),
  /** When it was taken, in service time: ms of a clock that stands still while the service is away. */
  serviceMs: z.int().min(0).optional(),
};

const cardId = cardIdSchema;
const targetId = cardIdSchema;
const hand = z.array(cardIdSchema).max(200);

const ofPlayers = [
  /** Forced, before laying out, where the opponent had to deal again. */
  z.strictObject({ type: z.literal("mulliganDraw"), count: z.int().min(0).max(200), ...timestamps }),
  /** The first creatures, once, before the first turn. */
  z.strictObject({ type: z.literal("setUp"), active: cardIdSchema, bench: hand, ...timestamps }),
  z.strictObject({ type: z.literal("draw"), ...timestamps }),
  z.strictObject({ type: z.literal("playCreature"), cardId, ...timestamps }),
  /** The card is laid onto the creature that it evolves from. */
  z.strictObject({ type: z.literal("evolve"), cardId, targetId, ...timestamps }),
  z.strictObject({ type: z.literal("attachEnergy"), cardId, targetId, ...timestamps }),
  z.strictObject({ type: z.literal("attachTool"), cardId, targetId, ...timestamps }),
  /** `targetId`: the creature that the card's text asks for; `null` if it asks for none. */
  z.strictObject({ type: z.literal("playTrainer"), cardId, targetId: targetId.nullable(), ...timestamps }),
  z.strictObject({ type: z.literal("playStadium"), cardId, ...timestamps }),
  /** The active creature pays with its newest energies and changes places with this one of the bench. */
  z.strictObject({ type: z.literal("retreat"), benchId: cardIdSchema, ...timestamps }),
  /** Ends the turn. */
  z.strictObject({ type: z.literal("attack"), attackIndex: z.int().min(0).max(3), ...timestamps }),
  /** Forced: a creature of the bench takes the empty active place. */
  z.strictObject({ type: z.literal("promote"), cardId, ...timestamps }),
  /** Forced: down to the hand limit. */
  z.strictObject({ type: z.literal("discard"), cardIds: hand.min(1), ...timestamps }),
  z.strictObject({ type: z.literal("endTurn"), ...timestamps }),
  /** Once in a turn of one's own. The offer stands until it is answered, or the next turn of who made it begins. */
  z.strictObject({ type: z.literal("offerDraw"), ...timestamps }),
  /** The opponent answers, at any time while the offer stands. */
  z.strictObject({ type: z.literal("acceptDraw"), ...timestamps }),
  z.strictObject({ type: z.literal("declineDraw"), ...timestamps }),
  /** At any time. */
  z.strictObject({ type: z.literal("concede"), ...timestamps }),
] as const;

const ofTheSystem = [
  /** For the player who has to act, once `serviceMs` has reached the state's `turnDueAt`. */
  z.strictObject({ type: z.literal("timeOut"), ...timestamps }),
  /** Nobody plays on: the game ends without a winner. */
  z.strictObject({ type: z.literal("close"), reason: z.enum(["expired", "abandoned"]), ...timestamps }),
] as const;

/** What a player may ask for. Cards are named by their ids. */
export const playerActionSchema = z.discriminatedUnion("type", ofPlayers);

/** All that can happen to a game: what players do, and what the system does in their name. */
export const cardActionSchema = z.discriminatedUnion("type", [...ofPlayers, ...ofTheSystem]);
export type CardAction = z.infer<typeof cardActionSchema>;
export type CardActionOf<T extends CardAction["type"]> = Extract<CardAction, { type: T }>;
