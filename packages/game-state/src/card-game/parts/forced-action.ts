import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";
import { cardPlayerIdSchema } from "./ids.js";

/** What a player has to do before the game goes on. Players act in any order, each on their own first one. */
export const forcedActionSchema = z.discriminatedUnion("type", [
  /** The opponent had to deal again: before laying out, this player says how many cards more they draw, up to `count`. */
  z.strictObject({ type: z.literal("mulliganDraw"), playerId: cardPlayerIdSchema, count: z.int().min(1).max(200) }),
  /** The active creature is gone: one of the bench takes its place. */
  z.strictObject({ type: z.literal("promote"), playerId: cardPlayerIdSchema }),
  /** The hand is over the limit at the end of the turn. */
  z.strictObject({ type: z.literal("discard"), playerId: cardPlayerIdSchema, count: z.int().min(1).max(200) }),
]);
export type ForcedAction = DeepReadonly<z.infer<typeof forcedActionSchema>>;
