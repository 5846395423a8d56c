import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { gameResultSchema } from "./game-result.js";
import { actionRecordSchema } from "./parts/action-record.js";
import { cardDefinitionSchema } from "./parts/card-definition.js";
import { cardInstanceSchema } from "./parts/card-instance.js";
import { forcedActionSchema } from "./parts/forced-action.js";
import { gameTypeSchema } from "./parts/game-type.js";
import { cardPlayerIdSchema, definitionIdSchema } from "./parts/ids.js";
import { phaseSchema } from "./parts/phase.js";
import { playerStateSchema } from "./parts/player-state.js";
import { rulesConfigSchema } from "./parts/rules-config.js";

/** One side of the table: hidden zones are counts, the hand is shown to its owner alone. */
export const playerViewSchema = playerStateSchema.omit({ deck: true, hand: true, prizes: true }).extend({
  deckCount: z.int().min(0),
  prizeCount: z.int().min(0),
  handCount: z.int().min(0),
  /** The viewer's own hand; `null` for everybody else's, unless the rules open all hands after the end. */
  hand: z.array(cardInstanceSchema).nullable(),
});
export type PlayerView = DeepReadonly<z.infer<typeof playerViewSchema>>;

/** What happened; of cards that the viewer may not see, only the number. */
export const recordViewSchema = actionRecordSchema.omit({ visibleTo: true }).extend({ cardCount: z.int().min(0) });
export type RecordView = DeepReadonly<z.infer<typeof recordViewSchema>>;

/** A card game as one viewer may see it. */
export const gameViewSchema = z.strictObject({
  gameId: z.guid().lowercase(),
  gameType: gameTypeSchema,
  /** The player who looks, or `null` for a spectator. */
  viewerId: cardPlayerIdSchema.nullable(),
  rules: rulesConfigSchema,
  /** The definitions of the cards that the viewer sees, and of no others. */
  cards: z.record(definitionIdSchema, cardDefinitionSchema),
  players: z.record(cardPlayerIdSchema, playerViewSchema),
  turnOrder: z.tuple([cardPlayerIdSchema, cardPlayerIdSchema]),
  currentPlayerId: cardPlayerIdSchema,
  turnNumber: z.int().min(0),
  phase: phaseSchema,
  stadium: cardInstanceSchema.nullable(),
  /** What the viewer has to do before the game goes on. */
  forcedActions: z.array(forcedActionSchema),
  /** True while another player has to do something first. */
  waitsForOthers: z.boolean(),
  recentActions: z.array(recordViewSchema),
  turnDueAt: z.int().min(0).nullable(),
  drawOfferedBy: cardPlayerIdSchema.nullable(),
  result: gameResultSchema.nullable(),
});
export type GameView = DeepReadonly<z.infer<typeof gameViewSchema>>;
