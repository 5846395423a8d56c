import { endReasonSchema, gameTypeSchema, outcomeSchema, type Version } from "@turnkeep/game-state/core";
import * as z from "zod";

/** Shown to clients as opaque texts; what the server gives out is never checked again. */
const versionText = z.custom<Version>((value) => typeof value === "string").meta({ type: "string" });
const milliseconds = z.int().meta({ description: "ms since the epoch" });

/** Stands for the served game's own schema, which takes its place in the API's description. */
export const viewSchema = z.unknown().meta({ id: "GameView" });
const optionalText = z.string().nullable();
const gameStatusSchema = z.enum(["live", "ended", "archived"]);

const gameFields = {
  gameId: z.string(),
  /** `null` once the game is archived, for then nothing can be written any more. */
  version: versionText.nullable(),
  status: gameStatusSchema,
  /** True when the cache could not be asked, so that something newer may exist. */
  stale: z.boolean(),
  serviceTime: z.int().meta({
    description: "the service time when this was said, in ms: the clock by which the view's `turnDueAt` counts",
  }),
  view: viewSchema,
};

/** A game as one viewer may see it. */
export const gameAnswerSchema = z.object(gameFields).readonly().meta({ id: "Game" });
export type GameAnswer = z.infer<typeof gameAnswerSchema>;

/** A game that can still be loaded as one. */
export interface LoadedAnswer extends GameAnswer {
  readonly version: Version;
  readonly status: "live" | "ended";
}

/** What became of a write; of a retried one that ended its game, the game may be archived by now. */
export const actAnswerSchema = z
  .object({
    ...gameFields,
    /** The level that was reached: `durable` is committed in the database. */
    durability: z.enum(["writeBehind", "durable"]),
    /** True if this write id had been applied before; the view is then the current one. */
    duplicate: z.boolean(),
  })
  .readonly()
  .meta({ id: "ActAnswer" });
export type ActAnswer = z.infer<typeof actAnswerSchema>;

/** A game in a player's list. */
export const listedGameSchema = z
  .object({
    gameId: z.string(),
    gameType: gameTypeSchema,
    status: z.enum(["live", "ended"]),
    turnNumber: z.int(),
    playerIds: z.array(z.string()).readonly(),
    npcId: optionalText,
    outcome: outcomeSchema.nullable(),
    startedAt: milliseconds,
    lastActionAt: milliseconds,
  })
  .readonly()
  .meta({ id: "ListedGame" });
export type ListedGame = z.infer<typeof listedGameSchema>;

/** A finished game, as history has it. */
export const finishedGameSchema = z
  .object({
    historyId: z.string(),
    gameId: z.string(),
    gameType: gameTypeSchema,
    playerIds: z.array(z.string()).readonly(),
    npcId: optionalText,
    winnerId: optionalText,
    winnerIsNpc: z.boolean(),
    endReason: endReasonSchema,
    turnCount: z.int(),
    durationSeconds: z.number(),
    incomplete: z.boolean(),
    playedAt: milliseconds,
    endedAt: milliseconds,
  })
  .readonly()
  .meta({ id: "FinishedGame" });
export type FinishedGame = z.infer<typeof finishedGameSchema>;

/** A page of a list: `next` is the `after` of the next one, and `null` at the end. */
export const pageOf = <T extends z.ZodType>(items: T) =>
  z.object({ items: z.array(items).readonly(), next: z.string().nullable() }).readonly();

/** A finished game from its first to its last view; the log for its players only. */
export const replayAnswerSchema = z
  .object({
    record: finishedGameSchema,
    initialView: viewSchema,
    finalView: viewSchema,
    log: z.array(z.unknown()).readonly().nullable(),
    rules: z.unknown(),
  })
  .readonly()
  .meta({ id: "Replay" });

export const liveGamesSchema = z.object({ games: z.array(gameAnswerSchema).readonly() }).readonly();

export const demoTokenAnswerSchema = z
  .object({ token: z.string(), playerId: z.string(), name: z.string(), expiresAt: milliseconds })
  .readonly()
  .meta({ id: "DemoToken" });
export type DemoToken = z.infer<typeof demoTokenAnswerSchema>;
