import { outcomeSchema, type Version, wordSchema } from "@turnkeep/core";
import * as z from "zod";

/** Shown to clients as opaque texts; what the server gives out is never checked again. */
const versionText = z.custom<Version>((value) => typeof value === "string").meta({ type: "string" });
const milliseconds = z.int().meta({ description: "ms since the epoch" });

/** Stands for the served game's own schema, which takes its place in the API's description. */
export const viewSchema = z.unknown().meta({ id: "GameView" });
const optionalText = z.string().nullable();
const gameStatusSchema = z.enum(["live", "ended", "archived"]);

/** How a finished game ended: who won and lost, as ids of its players; both `null` where nobody won. */
export const gameResultSchema = z
  .object({
    winner: optionalText,
    loser: optionalText,
    outcome: outcomeSchema,
    durationSeconds: z.number(),
    turnCount: z.int(),
  })
  .readonly()
  .meta({ id: "GameResult" });
export type GameResult = z.infer<typeof gameResultSchema>;

export const gameFields = {
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
  /** `null` until the game is over. */
  result: gameResultSchema.nullable(),
};

/** A game as one viewer may see it. */
export const gameAnswerSchema = z.object(gameFields).readonly().meta({ id: "Game" });
export type GameAnswer = z.infer<typeof gameAnswerSchema>;

/** A game that can still be loaded as one. */
export interface LoadedAnswer extends GameAnswer {
  readonly version: Version;
  readonly status: "live" | "ended";
}

/** The level that was reached: `durable` is committed in the database. */
export const durabilitySchema = z.enum(["writeBehind", "durable"]);

/** What became of a write; of a retried one that ended its game, the game may be archived by now. */
export const actAnswerSchema = z
  .object({
    ...gameFields,
    durability: durabilitySchema,
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
    gameType: wordSchema,
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
    gameId: z.string(),
    gameType: wordSchema,
    playerIds: z.array(z.string()).readonly(),
    npcId: optionalText,
    outcome: outcomeSchema,
    rulesVersion: z.int(),
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

/** An action as the caller may see it: whose, and what happened by it. */
const entryViewSchema = z.object({
  turn: z.int(),
  playerId: z.string(),
  action: z.unknown(),
  records: z.array(z.unknown()).readonly(),
});
const writeViewSchema = z
  .object({ playerId: z.string(), writeId: z.string(), entries: z.array(entryViewSchema).readonly() })
  .readonly();

/** A finished game from its first to its last view; the log for its players only. */
export const replayAnswerSchema = z
  .object({
    record: finishedGameSchema,
    result: gameResultSchema,
    initialView: viewSchema,
    finalView: viewSchema,
    log: z.array(writeViewSchema).readonly().nullable(),
    rules: z.unknown(),
  })
  .readonly()
  .meta({ id: "Replay" });
export type ReplayAnswer = z.infer<typeof replayAnswerSchema>;

/** One step of a replay: an action, what happened by it, and the game after it. Step 0 is the initial state. */
const replayStepSchema = z
  .object({
    seq: z.int(),
    turn: z.int().nullable(),
    playerId: optionalText,
    action: z.unknown(),
    records: z.array(z.unknown()).readonly(),
    view: viewSchema,
  })
  .readonly()
  .meta({ id: "ReplayStep" });
export type ReplayStep = z.infer<typeof replayStepSchema>;

/** `next` is the `after` of the next page; `complete` is false where the rest cannot be played again. */
export const replayStepsSchema = z
  .object({
    items: z.array(replayStepSchema).readonly(),
    next: z.string().nullable(),
    total: z.int(),
    complete: z.boolean(),
  })
  .readonly();
export type ReplaySteps = z.infer<typeof replayStepsSchema>;

export const newsFields = {
  writes: z.array(writeViewSchema).readonly(),
  /** False where something is left out, or what the client saw last may not have lasted. */
  exact: z.boolean(),
};
export interface News {
  readonly writes: readonly z.infer<typeof writeViewSchema>[];
  readonly exact: boolean;
}

/** The game as it is, and what happened in it since the version that the client names. */
export const newsAnswerSchema = z
  .object({ ...gameFields, ...newsFields })
  .readonly()
  .meta({ id: "GameNews" });
export type NewsAnswer = z.infer<typeof newsAnswerSchema>;

/** An invitation that was made: one who has the token may accept it. */
export const inviteAnswerSchema = z
  .object({ token: z.string(), gameId: z.string(), expiresAt: milliseconds })
  .readonly()
  .meta({ id: "Invite" });
export type InviteAnswer = z.infer<typeof inviteAnswerSchema>;

export const liveGamesSchema = z.object({ games: z.array(gameAnswerSchema).readonly() }).readonly();

export const demoTokenAnswerSchema = z
  .object({ token: z.string(), playerId: z.string(), name: z.string(), expiresAt: milliseconds })
  .readonly()
  .meta({ id: "DemoToken" });
export type DemoToken = z.infer<typeof demoTokenAnswerSchema>;
