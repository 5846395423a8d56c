import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { gameResultSchema } from "./game-result.js";
import { actionRecordSchema, recentActionsKept } from "./parts/action-record.js";
import { cardDefinitionSchema } from "./parts/card-definition.js";
import { cardInstanceSchema } from "./parts/card-instance.js";
import { forcedActionSchema } from "./parts/forced-action.js";
import { gameTypeSchema } from "./parts/game-type.js";
import { cardPlayerIdSchema, definitionIdSchema } from "./parts/ids.js";
import { phaseSchema } from "./parts/phase.js";
import { playerStateSchema } from "./parts/player-state.js";
import { randomStateSchema } from "./parts/random-state.js";
import { rulesConfigSchema } from "./parts/rules-config.js";

/** The version that this code writes. A change of the shape raises it and comes with an upcaster. */
export const gameStateVersion = 3;

/** The fields of a card game's state, before the checks across fields. */
export const gameStateShape = z.strictObject({
  schemaVersion: z.literal(gameStateVersion),
  gameId: z.guid().lowercase(),
  gameType: gameTypeSchema,
  rules: rulesConfigSchema,
  /** The definitions of all cards of this game, by their id. */
  cards: z.record(definitionIdSchema, cardDefinitionSchema),
  players: z.record(cardPlayerIdSchema, playerStateSchema),
  /** Who sits where: the player at seat 0 has the first turn. */
  turnOrder: z.tuple([cardPlayerIdSchema, cardPlayerIdSchema]),
  currentPlayerId: cardPlayerIdSchema,
  /** 0 during set-up, then counting the turns of both players. */
  turnNumber: z.int().min(0),
  phase: phaseSchema,
  stadium: cardInstanceSchema.nullable(),
  forcedActions: z.array(forcedActionSchema).max(8),
  random: randomStateSchema,
  /** Number of records made so far, also of those no longer kept. */
  recordCount: z.int().min(0),
  recentActions: z.array(actionRecordSchema).max(recentActionsKept),
  /**
   * When the time of the player who has to act is over, in service time: ms of a clock that stands still while the
   * service is away. `null`: no clock runs.
   */
  turnDueAt: z.int().min(0).nullable(),
  /** Who has offered a draw that is not answered yet. */
  drawOfferedBy: cardPlayerIdSchema.nullable(),
  result: gameResultSchema.nullable(),
});

/** A card game's state. */
export type GameState = DeepReadonly<z.infer<typeof gameStateShape>>;
