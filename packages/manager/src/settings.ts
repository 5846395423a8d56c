import { TurnkeepError } from "@turnkeep/core";
import * as z from "zod";

const advancedSchema = z
  .strictObject({
    flushEveryMs: z.int().min(5).max(60_000).default(100).describe("how often the flusher looks for due games"),
    flushBatchGames: z
      .int()
      .min(1)
      .max(1_000)
      .default(128)
      .describe("games in one flush, at most; the slower the store, the fewer"),
    flushBatchBytes: z
      .int()
      .min(1_024)
      .max(64 * 1_048_576)
      .default(1_048_576)
      .describe("bytes of states and log entries in one flush, at most; a game that is larger goes alone"),
    flushesInFlight: z.int().min(1).max(16).default(2).describe("flushes on their way to the store at once"),
    claimHideMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(3_000)
      .describe(
        "how long a claimed game is left to its flusher; the claim's reply may be lost, and two flushes are safe",
      ),
    backlogEveryMs: z
      .int()
      .min(10)
      .max(60_000)
      .default(1_000)
      .describe("how often the flusher counts what waits for the store"),
    refuseNewGamesAt: z
      .int()
      .min(0)
      .default(50_000)
      .describe("with so many games waiting for the store no new game is taken; 0: no bound"),
    breakAfterFailures: z
      .int()
      .min(0)
      .max(1_000)
      .default(3)
      .describe("unanswered calls in a row after which a store or cache is left alone for a moment; 0: never"),
    probeEveryMs: z
      .int()
      .min(10)
      .max(60_000)
      .default(1_000)
      .describe("how long a store or cache that is away is left alone at most, before one call tries it again"),
    loadsAtOnce: z
      .int()
      .min(1)
      .max(1_000)
      .default(4)
      .describe("games that this process loads from the store at once; after a restart of the cache the others queue"),
    loadWithinMs: z
      .int()
      .min(10)
      .max(600_000)
      .default(15_000)
      .describe(
        "how long a call that reads a game, or a load from the store, may take from its start, all waits included",
      ),
    freezeReadStates: z
      .boolean()
      .default(true)
      .describe(
        "whether states from the cache are frozen, so that changing one in place throws; if not, it changes the local copy",
      ),
    recoveryPageGames: z.int().min(1).max(1_000).default(200).describe("games in one page of a recovery"),
    serviceBeatMs: z.int().min(10).max(60_000).default(1_000).describe("how often the service clock beats"),
    serviceGapMs: z
      .int()
      .min(20)
      .max(600_000)
      .default(5_000)
      .describe("time without a beat counts as so much service time at most; several beats, less than a turn"),
  })
  .readonly();

/** What can be set on a manager. `advanced` is for measurements and tests: its defaults follow from each other. */
export const settingsSchema = z
  .strictObject({
    flushWithinMs: z
      .int()
      .min(10)
      .max(3_600_000)
      .default(1_000)
      .describe("a writeBehind write is due in the store within this time"),
    durableWithinMs: z
      .int()
      .min(10)
      .max(600_000)
      .default(15_000)
      .describe(
        "how long a call that writes a game may take from its start, all waits included; then the write is unknown",
      ),
    maxDirtyGames: z
      .int()
      .min(0)
      .default(100_000)
      .describe("games that may wait for the store; past it, clean games take no writes; 0: no bound"),
    turnBoundaryWhileStoreAway: z
      .enum(["refuse", "writeBehind"])
      .default("refuse")
      .describe("whether a turn boundary fails while the store is away, or counts as writeBehind, as its answer says"),
    validateWrites: z
      .enum(["every", "turns", "never"])
      .default("every")
      .describe("which states that a reducer made the schema checks: every one, those that become durable, or none"),
    localCopyBytes: z
      .int()
      .min(0)
      .default(100 * 1_048_576)
      .describe("memory for this process's local copies of games, in bytes; 0: it keeps none"),
    maxStateBytes: z
      .int()
      .min(1_024)
      .max(64 * 1_048_576)
      .default(1_048_576)
      .describe("largest state, in bytes of UTF-8"),
    staleAfterMs: z
      .int()
      .min(1_000)
      .default(72 * 3_600_000)
      .describe("idle time after which a game expires"),
    runFlusher: z
      .boolean()
      .default(true)
      .describe("whether this process flushes in the background; off in the daemon's dry runs and in tests"),
    runServiceClock: z
      .boolean()
      .default(false)
      .describe("whether this process keeps the service clock going; for games with deadlines"),
    advanced: advancedSchema.prefault({}).describe("what is seldom tuned"),
  })
  .readonly();

/** Settings as callers give them. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** All settings, as the operations read them. */
export type ManagerSettings = Readonly<
  Omit<z.output<typeof settingsSchema>, "advanced"> & z.output<typeof advancedSchema>
>;

/** Parses settings once, with all defaults. @throws InvalidInput for unknown settings, or values out of their bounds */
export function parseSettings(input: SettingsInput): ManagerSettings {
  const parsed = settingsSchema.safeParse(input);
  if (parsed.success) {
    const { advanced, ...settings } = parsed.data;
    return Object.freeze({ ...settings, ...advanced });
  }
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
  throw new TurnkeepError("InvalidInput", `invalid settings: ${issues.join("; ")}`, { issues });
}
