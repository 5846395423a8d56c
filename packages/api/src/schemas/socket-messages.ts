import * as z from "zod";
import { durabilitySchema, gameFields, newsFields } from "./game-answers.js";
import { actionSchema } from "./game-requests.js";
import { versionSchema, writeIdSchema } from "./ids.js";
import { problemSchema } from "./problem.js";

/** Chosen by the client; the reply to a message carries it. */
const requestId = z.string().min(1).max(64);
const gameId = z.string().max(200);

/**
 * The first message of every socket, and again later with a newer token of the same player, before the old one runs
 * out. A token of `null` asks to watch as a spectator, which demo mode allows.
 */
export const authenticateMessageSchema = z.strictObject({
  type: z.literal("authenticate"),
  token: z.string().max(8_192).nullable(),
  requestId: requestId.optional(),
});

/** What a socket may say once it is authenticated, by type. */
export const clientMessageSchemas = {
  watch: z.strictObject({
    type: z.literal("watch"),
    gameId,
    /** The version seen last: what happened since comes before the first view. */
    since: versionSchema.optional(),
    requestId: requestId.optional(),
  }),
  unwatch: z.strictObject({ type: z.literal("unwatch"), gameId, requestId: requestId.optional() }),
  act: z.strictObject({
    type: z.literal("act"),
    requestId,
    gameId,
    writeId: writeIdSchema,
    expectedVersion: versionSchema.optional(),
    action: actionSchema,
  }),
} as const;

export const clientMessageSchema = z.discriminatedUnion("type", [
  authenticateMessageSchema,
  clientMessageSchemas.watch,
  clientMessageSchemas.unwatch,
  clientMessageSchemas.act,
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** A reply to a message, whose `requestId` it repeats. */
const reply = <T extends string>(type: T) => ({ type: z.literal(type), requestId: z.string().optional() });
const { gameId: ofGame, version, status, stale, serviceTime, view, result } = gameFields;

/** What the server says, by type. */
export const serverMessageSchemas = {
  authenticated: z.object({
    ...reply("authenticated"),
    playerId: z.string().nullable(),
    /** How long the token is good for; `null` for a spectator, who has none. */
    expiresInMs: z.number().nullable(),
  }),
  /** Views of the game follow, beginning with the current one. */
  watching: z.object({ ...reply("watching"), gameId: ofGame }),
  unwatched: z.object({ ...reply("unwatched"), gameId: ofGame }),
  done: z.object({
    ...reply("done"),
    gameId: ofGame,
    version,
    status,
    durability: durabilitySchema,
    duplicate: z.boolean(),
    result,
  }),
  error: z.object({ ...reply("error"), gameId: ofGame.optional(), problem: problemSchema }),
  /** A new version, of which only the newest is sent. After `archived` none follows. */
  view: z.object({ type: z.literal("view"), gameId: ofGame, version, status, stale, serviceTime, view, result }),
  /** What happened since the version that a watcher named. */
  news: z.object({ type: z.literal("news"), gameId: ofGame, ...newsFields }),
  /** The watched game was deleted. */
  gone: z.object({ type: z.literal("gone"), gameId: ofGame }),
} as const;
export type ServerMessage = z.infer<(typeof serverMessageSchemas)[keyof typeof serverMessageSchemas]>;

/** Why the server closes a socket. */
export const closeCodes = {
  /** The server shuts down: connect again. */
  goingAway: 1001,
  /** Not authenticated in time, an unsound first message, a flood, too many unsound messages. */
  policy: 1008,
  tooLarge: 1009,
  /** Too slow to take what it asked for: connect again. */
  tryAgainLater: 1013,
  /** The token has run out: connect again with a newer one. */
  tokenExpired: 4001,
} as const;
