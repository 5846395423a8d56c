import { TurnkeepError } from "@turnkeep/core";
import * as z from "zod";

const milliseconds = (min: number) =>
  z
    .int()
    .min(min)
    .max(365 * 86_400_000);

const advancedSchema = z
  .strictObject({
    recoverEveryMs: milliseconds(1_000)
      .default(600_000)
      .describe("how often live games missing from the cache are brought back, after the recovery at the start"),
    flushEveryMs: milliseconds(10).default(1_000).describe("how often the daemon looks for leftovers of dead servers"),
    finishEveryMs: milliseconds(10).default(5_000).describe("how often the daemon looks for interrupted endings"),
    deadlinesEveryMs: milliseconds(10).default(500).describe("how often the daemon looks for games whose time is over"),
    reindexEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the daemon looks for cached games that Postgres may lack"),
    evictEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the daemon looks for cached games that are archived or deleted"),
    expireEveryMs: milliseconds(10).default(300_000).describe("how often the daemon looks for idle games"),
    purgeEveryMs: milliseconds(10)
      .default(3_600_000)
      .describe("how often the daemon looks for old tombstones, and old history"),
    pageGames: z.int().min(1).max(1_000).default(200).describe("games in one page of a sweep"),
    backoffMaxMs: milliseconds(10).default(30_000).describe("longest pause after repeated failures of a task"),
  })
  .readonly();

/** What can be set on a daemon, beside the settings of its manager. */
export const daemonSettingsSchema = z
  .strictObject({
    leaseMs: milliseconds(1_000)
      .default(15_000)
      .describe("how long a daemon keeps the lease after its last sign of life"),
    staleAfterMs: milliseconds(1_000).default(259_200_000).describe("idle time after which a game expires"),
    tombstonesKeptMs: milliseconds(1_000)
      .default(604_800_000)
      .describe("how long the tombstone of an archived or deleted game is kept"),
    historyKeptMs: z
      .int()
      .min(0)
      .max(3_650 * 86_400_000)
      .default(0)
      .describe("how long records and replays of finished games are kept; 0: for ever"),
    stopAnnouncedMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(0)
      .describe("how long a daemon that is asked to stop only says that it is not ready, before it stops"),
    shutdownGraceMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(10_000)
      .describe("how long the rounds under way may take at the end"),
    advanced: advancedSchema.prefault({}).describe("what is seldom tuned"),
  })
  .readonly();

export type DaemonSettingsInput = z.input<typeof daemonSettingsSchema>;
export type DaemonSettings = Readonly<
  Omit<z.output<typeof daemonSettingsSchema>, "advanced"> & z.output<typeof advancedSchema>
>;

/** @throws InvalidInput for unknown settings, or values out of their bounds */
export function parseDaemonSettings(input: DaemonSettingsInput): DaemonSettings {
  const parsed = daemonSettingsSchema.safeParse(input);
  if (parsed.success) {
    const { advanced, ...settings } = parsed.data;
    return Object.freeze({ ...settings, ...advanced });
  }
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
  throw new TurnkeepError("InvalidInput", `invalid settings: ${issues.join("; ")}`, { issues });
}
