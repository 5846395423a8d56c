import type { Version } from "@turnkeep/game-state/core";
import type { Durability } from "@turnkeep/manager";
import * as z from "zod";
import type { GameResult, News } from "./game-answers.js";
import { versionSchema, writeIdSchema } from "./ids.js";
import type { Problem } from "./problem.js";

/** Chosen by the client; the reply to a message carries it. */
const requestId = z.string().min(1).max(64);
const gameId = z.string().max(200);

/** The first message of every socket. A token of `null` asks to watch as a spectator, which demo mode allows. */
export const authenticateMessageSchema = z.strictObject({
  type: z.literal("authenticate"),
  token: z.string().max(8_192).nullable(),
  requestId: requestId.optional(),
});

const watchMessageSchema = z.strictObject({
  type: z.literal("watch"),
  gameId,
  /** The version seen last: what happened since is told before the first view. */
  since: versionSchema.optional(),
  requestId: requestId.optional(),
});
const unwatchMessageSchema = z.strictObject({ type: z.literal("unwatch"), gameId, requestId: requestId.optional() });
const actMessageSchema = z.strictObject({
  type: z.literal("act"),
  requestId,
  gameId,
  writeId: writeIdSchema,
  expectedVersion: versionSchema.optional(),
  /** Checked by the rules' own schema. */
  action: z.unknown(),
});

/** What a socket may say once it is authenticated. */
export const clientMessageSchema = z.discriminatedUnion("type", [
  watchMessageSchema,
  unwatchMessageSchema,
  actMessageSchema,
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

interface Reply {
  readonly requestId?: string | undefined;
}

/** What the server says. */
export type ServerMessage =
  | (Reply & { readonly type: "authenticated"; readonly playerId: string | null })
  /** Views of the game follow, beginning with the current one. */
  | (Reply & { readonly type: "watching"; readonly gameId: string })
  | (Reply & { readonly type: "unwatched"; readonly gameId: string })
  | (Reply & {
      readonly type: "done";
      readonly gameId: string;
      readonly version: Version | null;
      readonly status: "live" | "ended" | "archived";
      readonly durability: Durability;
      readonly duplicate: boolean;
      readonly result: GameResult | null;
    })
  | (Reply & { readonly type: "error"; readonly gameId?: string | undefined; readonly problem: Problem })
  /** A new version, of which only the newest is sent. After `archived` none follows. */
  | {
      readonly type: "view";
      readonly gameId: string;
      readonly version: Version | null;
      readonly status: "live" | "ended" | "archived";
      readonly stale: boolean;
      /** The service time when this was said, in ms: the clock by which the view's `turnDueAt` counts. */
      readonly serviceTime: number;
      readonly view: unknown;
      /** `null` until the game is over. */
      readonly result: GameResult | null;
    }
  /** What happened since the version that a watcher named. */
  | ({ readonly type: "news"; readonly gameId: string } & News)
  /** The watched game was deleted. */
  | { readonly type: "gone"; readonly gameId: string };

/** Why the server closes a socket. */
export const closeCodes = {
  /** The server shuts down: connect again. */
  goingAway: 1001,
  /** Not authenticated in time, an unsound first message, a flood, too many unsound messages, a token run out. */
  policy: 1008,
  tooLarge: 1009,
  /** Too slow to take what it asked for: connect again. */
  tryAgainLater: 1013,
} as const;
