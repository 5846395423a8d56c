import * as z from "zod";

const milliseconds = (min: number) =>
  z.coerce
    .number()
    .int()
    .min(min)
    .max(365 * 86_400_000);

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
const settings = z
  .object({
    databaseUrl: z.url({ protocol: /^postgres(ql)?$/ }).describe("Postgres, as postgres://user:password@host:port/db"),
    databaseSchema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/)
      .default("turnkeep")
      .describe("Postgres schema that holds the tables"),
    redisUrl: z.url({ protocol: /^rediss?$/ }).describe("Redis, as redis://host:port"),
    redisKeyPrefix: z
      .string()
      .regex(/^[^{}]*$/)
      .default("")
      .describe("put before every key in Redis; the same as the game servers'"),
    host: z.string().min(1).default("127.0.0.1").describe("address of the health endpoints"),
    port: z.coerce.number().int().min(0).max(65_535).default(3_001).describe("their port; 0: any free one"),
    logLevel: z
      .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
      .default("info")
      .describe("least severe level that is logged"),
    migrateOnStart: z.stringbool().default(true).describe("bring the schema up to date before starting"),
    leaseMs: milliseconds(1_000).default(15_000).describe("how long a daemon that falls silent keeps the lease"),
    recoverEveryMs: milliseconds(1_000)
      .default(600_000)
      .describe("how often live games missing from the cache are brought back, after the recovery at the start"),
    flushEveryMs: milliseconds(10).default(1_000).describe("how often leftovers of dead servers are looked for"),
    finishEveryMs: milliseconds(10).default(5_000).describe("how often interrupted endings are looked for"),
    remarkEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the cache is swept for unflushed games that nobody would flush"),
    buryEveryMs: milliseconds(10)
      .default(60_000)
      .describe("how often the cache is swept for games that are archived or deleted"),
    expireEveryMs: milliseconds(10).default(300_000).describe("how often idle games are looked for"),
    staleAfterMs: milliseconds(1_000).default(259_200_000).describe("idle time after which a game expires"),
    purgeEveryMs: milliseconds(10).default(3_600_000).describe("how often old tombstones are looked for"),
    tombstonesKeptMs: milliseconds(1_000)
      .default(604_800_000)
      .describe("how long the tombstone of an archived or deleted game is kept"),
    pageGames: z.coerce.number().int().min(1).max(1_000).default(200).describe("games in one page of a sweep"),
    backoffMaxMs: milliseconds(10).default(30_000).describe("longest wait after a task failed again and again"),
    shutdownGraceMs: milliseconds(0).default(10_000).describe("time for rounds under way to finish at shutdown"),
  })
  .readonly();

export type Config = z.infer<typeof settings>;

/** `leaseMs` → `LEASE_MS` */
export function environmentName(setting: string): string {
  return setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/** One setting as help and README show it. */
export interface SettingLine {
  readonly name: string;
  /** Empty where the setting must be given. */
  readonly fallback: string;
  readonly description: string;
}

export function settingLines(): readonly SettingLine[] {
  return Object.entries(settings.def.innerType.shape).map(([key, schema]) => ({
    name: environmentName(key),
    fallback: schema instanceof z.ZodDefault ? JSON.stringify(schema.def.defaultValue) : "",
    description: schema.description ?? "",
  }));
}

export function settingsHelp(): string {
  const lines = settingLines().map(
    ({ name, fallback, description }) =>
      `  ${name.padEnd(20)}  ${description} (${fallback === "" ? "required" : `default ${fallback}`})`,
  );
  return ["SETTINGS, from the environment", "", ...lines].join("\n");
}

/** What is wrong with the environment, one sentence a setting; never with the values, which may hold secrets. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the settings. An empty variable counts as absent.
 * @throws ConfigError
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.keys(settings.def.innerType.shape).flatMap((key) => {
    const value = environment[environmentName(key)];
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  const parsed = settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return Object.freeze(parsed.data);
  const present = new Set(given.map(([key]) => key));
  const complaints = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0]);
    return `${environmentName(key)}: ${present.has(key) ? issue.message : "is required"}`;
  });
  throw new ConfigError(complaints.join("\n"));
}
