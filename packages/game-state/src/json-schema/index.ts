import * as z from "zod";
import { cardEndReasonSchema, cardOutcomeSchema, endReasonSchema, gameResultSchema } from "../card-game/game-result.js";
import { gameStateVersion } from "../card-game/game-state.js";
import { gameStateSchema } from "../card-game/game-state-schema.js";
import { gameViewSchema, playerViewSchema, recordViewSchema } from "../card-game/game-view.js";
import { actionRecordSchema, recordTypeSchema } from "../card-game/parts/action-record.js";
import { attackSchema, cardDefinitionSchema, energyCostSchema } from "../card-game/parts/card-definition.js";
import { cardInstanceSchema, creatureInPlaySchema } from "../card-game/parts/card-instance.js";
import { conditionSchema, continuingEffectSchema, effectSchema } from "../card-game/parts/effect.js";
import { elementSchema } from "../card-game/parts/element.js";
import { forcedActionSchema } from "../card-game/parts/forced-action.js";
import { gameTypeSchema } from "../card-game/parts/game-type.js";
import { cardIdSchema, cardPlayerIdSchema, definitionIdSchema } from "../card-game/parts/ids.js";
import { phaseSchema } from "../card-game/parts/phase.js";
import { playerStateSchema, turnFlagsSchema } from "../card-game/parts/player-state.js";
import { randomStateSchema } from "../card-game/parts/random-state.js";
import { rulesConfigSchema } from "../card-game/parts/rules-config.js";

/** A JSON Schema (draft 2020-12) with `$id`, `title`, and a name in `$defs` for each part. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const parts = {
  ActionRecord: actionRecordSchema,
  Attack: attackSchema,
  CardDefinition: cardDefinitionSchema,
  CardEndReason: cardEndReasonSchema,
  CardId: cardIdSchema,
  CardInstance: cardInstanceSchema,
  Condition: conditionSchema,
  ContinuingEffect: continuingEffectSchema,
  CreatureInPlay: creatureInPlaySchema,
  DefinitionId: definitionIdSchema,
  Effect: effectSchema,
  Element: elementSchema,
  EndReason: endReasonSchema,
  EnergyCost: energyCostSchema,
  ForcedAction: forcedActionSchema,
  GameResult: gameResultSchema,
  GameType: gameTypeSchema,
  Phase: phaseSchema,
  PlayerId: cardPlayerIdSchema,
  PlayerState: playerStateSchema,
  PlayerView: playerViewSchema,
  RandomState: randomStateSchema,
  RecordType: recordTypeSchema,
  RecordView: recordViewSchema,
  RulesConfig: rulesConfigSchema,
  TurnFlags: turnFlagsSchema,
};

const names = z.registry<{ id: string }>();
for (const [id, part] of Object.entries<z.ZodType>(parts)) names.add(part, { id });

/** @param name with the schema version it makes the `$id`, which names no place in the Web */
function toJsonSchema(schema: z.ZodType, name: string, title: string): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", metadata: names });
  return { $schema, $id: `urn:turnkeep:card-game:${name}:${gameStateVersion}`, title, ...rest };
}

/** The card game's state in its current schema version, without the checks across fields. */
export const gameStateJsonSchema = (): JsonSchema =>
  toJsonSchema(gameStateSchema, "game-state", "State of a card game, whole");

/** What one viewer sees of a card game. */
export const gameViewJsonSchema = (): JsonSchema =>
  toJsonSchema(gameViewSchema, "game-view", "A card game as one viewer sees it");

/** How a game ended, as the store records it. */
export const outcomeJsonSchema = (): JsonSchema => toJsonSchema(cardOutcomeSchema, "outcome", "How a card game ended");
