import * as z from "zod";
import { cardOutcomeSchema } from "../card-game/game-result.js";
import { gameStateSchema } from "../card-game/game-state-schema.js";
import { gameViewSchema } from "../card-game/game-view.js";

/** A JSON Schema (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

const toJsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { target: "draft-2020-12" });

/** The card game's state in its current schema version, without the checks across fields. */
export const gameStateJsonSchema = (): JsonSchema => toJsonSchema(gameStateSchema);

/** What one viewer sees of a card game. */
export const gameViewJsonSchema = (): JsonSchema => toJsonSchema(gameViewSchema);

/** How a game ended, as the store records it. */
export const outcomeJsonSchema = (): JsonSchema => toJsonSchema(cardOutcomeSchema);
