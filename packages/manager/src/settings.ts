import * as z from "zod";

/** What can be set on a manager; parsed once, then frozen. */
export const settingsSchema = z
  .strictObject({
    flushWithinMs: z
      .int()
      .min(10)
      .max(3_600_000)
      .default(1_000)
      .describe("a writeBehind write is due in the store within this time"),
    flushEveryMs: z.int().min(5).max(60_000).default(100).describe("how often the flusher looks for due games"),
    flushBatchGames: z.int().min(1).max(1_000).default(50).describe("games in one flush, at most"),
    claimHideMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(10_000)
      .describe("how long a claimed game is left to its flusher"),
    maxDirtyGames: z.int().min(0).default(100_000).describe("games that may wait for the store; 0: no bound"),
    maxStateBytes: z
      .int()
      .min(1_024)
      .max(64 * 1_048_576)
      .default(1_048_576)
      .describe("largest state, in bytes of UTF-8"),
    hotGameBytes: z
      .int()
      .min(0)
      .default(64 * 1_048_576)
      .describe("memory for this process's own copies of games, in bytes of their text"),
    conflictRetries: z
      .int()
      .min(0)
      .max(1_000)
      .default(20)
      .describe("how often an update is reduced again after a conflict"),
    staleAfterMs: z
      .int()
      .min(1_000)
      .default(72 * 3_600_000)
      .describe("idle time after which a game expires"),
    recoveryPageGames: z.int().min(1).max(1_000).default(200).describe("games in one page of a recovery"),
    runFlusher: z
      .boolean()
      .default(true)
      .describe("whether this process flushes in the background; off in the daemon's dry runs and in tests"),
  })
  .readonly();

export type ManagerSettings = z.infer<typeof settingsSchema>;
