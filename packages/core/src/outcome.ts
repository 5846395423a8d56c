import * as z from "zod";
import { isNpc } from "./npc.js";
import { maxPlayers, type PlayerId, playerIdSchema, playerIdsSchema } from "./player-id.js";

/** A word that a game brings, such as a reason for its end: lower-case letters, digits and `_`, at most 64. */
export const wordSchema = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);

/** Why a game ended, in the words of its definition. */
export type EndReason = string;

/** What kind of game it is, in the words of its definition. */
export type GameType = string;

/** A game of any definition may end with this reason: nobody played for too long. */
export const expiredReason = "expired" satisfies EndReason;

const perPlayer = (value: z.ZodNumber | z.ZodInt) =>
  z
    .record(playerIdSchema, value)
    .refine((values) => Object.keys(values).length <= maxPlayers, `at most ${maxPlayers} players`)
    .readonly()
    .optional();

/**
 * How a game ended. `winnerIds` are the humans who won: several in a team, none in a draw and if an NPC won. Ranks (1 is
 * the best; players may share one) and scores are by player, NPCs among them, and need not name all.
 */
export const outcomeSchema = z
  .strictObject({
    endReason: wordSchema,
    winnerIds: playerIdsSchema
      .refine((ids) => !ids.some(isNpc), "only humans; of an NPC winnerIsNpc says it")
      .readonly(),
    winnerIsNpc: z.boolean(),
    ranks: perPlayer(z.int().min(1)),
    scores: perPlayer(z.number()),
  })
  .refine(({ winnerIds, winnerIsNpc }) => winnerIds.length === 0 || !winnerIsNpc, {
    path: ["winnerIsNpc"],
    error: "a human and an NPC cannot both have won",
  });
export type Outcome = Readonly<z.infer<typeof outcomeSchema>>;

/** The words of a game definition. `null` allows any word. */
export interface GameWords {
  /** Why a game of this kind can end; `expired` need not be named. */
  readonly endReasons: readonly EndReason[] | null;
  /** What kinds of games there are; a game without its row is archived as the first of them, or `unknown`. */
  readonly gameTypes: readonly GameType[] | null;
}

/**
 * The outcomes that a game of this definition can have.
 * @param players if there are any, an outcome names none but these
 */
export function outcomeSchemaOf({ endReasons }: GameWords, players: readonly PlayerId[] = []): z.ZodType<Outcome> {
  const isKnown = (reason: EndReason) => endReasons === null || endReasons.includes(reason) || reason === expiredReason;
  return outcomeSchema.superRefine(({ endReason, winnerIds, ranks = {}, scores = {} }, { addIssue }) => {
    if (!isKnown(endReason)) addIssue({ code: "custom", path: ["endReason"], message: "no reason of this game" });
    if (players.length === 0) return;
    const named = { winnerIds, ranks: Object.keys(ranks), scores: Object.keys(scores) };
    for (const [field, ids] of Object.entries(named)) {
      const strangers = ids.some((id) => !players.includes(id));
      if (strangers) addIssue({ code: "custom", path: [field], message: "names others than the game's players" });
    }
  });
}

/** The types that a game of this definition can have. */
export function gameTypeSchemaOf({ gameTypes }: GameWords): z.ZodType<GameType> {
  return gameTypes === null ? wordSchema : z.enum(gameTypes);
}
