import * as z from "zod";

const milliseconds = (min: number, max = 86_400_000) => z.coerce.number().int().min(min).max(max);
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Browsers' idea of an origin: scheme, host and port, without path. */
const originList = z
  .string()
  .transform((text) => text.split(",").flatMap((part) => part.trim() || []))
  .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
    error: "each must be an origin such as https://play.example.com, without a path, separated by commas",
  });

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
export const settings = z
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
      .describe("put before every key in Redis"),
    migrateOnStart: z.stringbool().default(true).describe("bring the schema up to date before starting"),
    host: z.string().min(1).default("127.0.0.1").describe("address to listen on"),
    port: count(0, 65_535).default(3_000).describe("port to listen on; 0: any free one"),
    trustProxy: z
      .stringbool()
      .default(false)
      .describe("take client addresses from X-Forwarded-For; only behind a proxy that sets it"),
    jwtSecret: z
      .string()
      .min(32, { error: "must have at least 32 characters" })
      .optional()
      .describe("secret of HS256 tokens; without it and without JWT_JWKS_URL the server runs in demo mode"),
    jwtJwksUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("where the public keys of tokens are (JWKS), instead of JWT_SECRET"),
    jwtIssuer: z.string().min(1).optional().describe("the issuer that tokens must name"),
    jwtAudience: z.string().min(1).optional().describe("the audience that tokens must name"),
    dataDir: z.string().min(1).default(".data").describe("folder for what demo mode keeps: its secret"),
    allowedOrigins: originList
      .default([])
      .describe("further origins whose pages may open sockets, separated by commas; the own one always may"),
    logLevel: z
      .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
      .default("info")
      .describe("least severe level that is logged"),
    bodyLimitBytes: count(1_024, 16_777_216).default(1_048_576).describe("largest request body"),
    rateLimitPerMinute: count(0, 10_000_000)
      .default(1_200)
      .describe("requests a minute for one player, or one address without a token; 0: no limit"),
    socketMessageLimitBytes: count(256, 1_048_576).default(65_536).describe("largest message from a socket"),
    socketMessagesPerSecond: count(1, 100_000)
      .default(50)
      .describe("messages a second that a socket may send in the long run; twice as many in a burst"),
    socketBufferLimitBytes: count(65_536, 67_108_864)
      .default(1_048_576)
      .describe("bytes that may wait for a slow socket before it is closed"),
    authenticateWithinMs: milliseconds(100).default(5_000).describe("time for a socket's first message"),
    heartbeatEveryMs: milliseconds(100)
      .default(20_000)
      .describe("how often sockets are pinged; one that missed a ping is closed"),
    shutdownGraceMs: milliseconds(0).default(10_000).describe("time for requests and flushes under way at shutdown"),
  })
  .readonly();

export type Config = z.infer<typeof settings>;
type SettingName = keyof Config;

/** `jwtSecret` → `JWT_SECRET` */
export function environmentName(setting: string): string {
  return setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/** One setting as help and README show it. */
export interface SettingLine {
  readonly name: string;
  readonly fallback: string;
  readonly description: string;
}

export function settingLines(): readonly SettingLine[] {
  return Object.entries(settings.def.innerType.shape).map(([key, schema]) => ({
    name: environmentName(key),
    fallback: fallbackOf(schema),
    description: schema.description ?? "",
  }));
}

function fallbackOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return "none";
  if (!(schema instanceof z.ZodDefault)) return "required";
  const { defaultValue } = schema.def;
  return Array.isArray(defaultValue) ? JSON.stringify(defaultValue.join(",")) : JSON.stringify(defaultValue);
}

export function settingsHelp(): string {
  const lines = settingLines().map(({ name, fallback, description }) => {
    const shown = fallback === "required" ? fallback : `default ${fallback}`;
    return `  ${name.padEnd(26)}  ${description} (${shown})`;
  });
  return ["SETTINGS, from the environment", "", ...lines].join("\n");
}

/** What is wrong with the environment, one line a problem; never with the values, which may hold secrets. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the settings. An empty variable counts as absent.
 * @throws ConfigError with every problem
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.keys(settings.def.innerType.shape).flatMap((key) => {
    const value = environment[environmentName(key)];
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  const present = new Set(given.map(([key]) => key));
  const parsed = settings.safeParse(Object.fromEntries(given));
  const complaints = (parsed.error?.issues ?? []).map((issue) => {
    const key = String(issue.path[0]);
    return `${environmentName(key)}: ${present.has(key) ? issue.message : "is required"}`;
  });
  complaints.push(...contradictions(present));
  if (parsed.success && complaints.length === 0) return Object.freeze(parsed.data);
  throw new ConfigError(complaints.join("\n"));
}

/** What single settings cannot say. */
function contradictions(present: ReadonlySet<string>): readonly string[] {
  const has = (name: SettingName) => present.has(name);
  if (has("jwtSecret") && has("jwtJwksUrl")) return ["JWT_JWKS_URL: give either this or JWT_SECRET, not both"];
  if (has("jwtSecret") || has("jwtJwksUrl")) return [];
  return (["jwtIssuer", "jwtAudience"] as const)
    .filter(has)
    .map((name) => `${environmentName(name)}: needs JWT_SECRET or JWT_JWKS_URL`);
}
