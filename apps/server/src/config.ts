import { settingsSchema } from "@turnkeep/manager";
import {
  advancedStoreSettings,
  type ConfigOf,
  type Environment,
  environmentName,
  listenSettings,
  type MisspeltSetting,
  misspeltSettings,
  numberFromText,
  processSettings,
  readSettings,
  storeSettings,
} from "@turnkeep/service-kit";
import * as z from "zod";

const milliseconds = (min: number, max = 86_400_000) => z.coerce.number().int().min(min).max(max);
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** Origins as browsers define them: scheme, host and port, without path. */
const originList = z
  .string()
  .transform((text) => text.split(",").flatMap((part) => part.trim() || []))
  .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
    error: "each must be an origin such as https://play.example.com, without a path, separated by commas",
  });

const ofManager = settingsSchema.unwrap().shape;
const advanced = ofManager.advanced.unwrap().unwrap().shape;

/** What the manager takes as it is. */
const managerSettings = {
  flushWithinMs: numberFromText(ofManager.flushWithinMs),
  refuseNewGamesAt: numberFromText(advanced.refuseNewGamesAt),
  maxDirtyGames: numberFromText(ofManager.maxDirtyGames),
  turnBoundaryWhileStoreAway: ofManager.turnBoundaryWhileStoreAway,
};

/** The same, seldom changed. */
const advancedManagerSettings = {
  loadsAtOnce: numberFromText(advanced.loadsAtOnce),
  localCopyBytes: numberFromText(ofManager.localCopyBytes),
  maxStateBytes: numberFromText(ofManager.maxStateBytes),
  validateWrites: ofManager.validateWrites,
  durableWithinMs: numberFromText(ofManager.durableWithinMs),
  loadWithinMs: numberFromText(advanced.loadWithinMs),
  breakAfterFailures: numberFromText(advanced.breakAfterFailures),
  serviceGapMs: numberFromText(advanced.serviceGapMs),
};

const secret = () => z.string().min(32, { error: "must have at least 32 characters" }).optional();

/** All that can be set, with defaults and meaning; environment names, help and README follow from it. */
export const settings = {
  usual: {
    ...storeSettings,
    ...listenSettings(3_000, "HTTP and WebSocket"),
    trustProxy: z
      .stringbool()
      .default(false)
      .describe("take the client's address from the last entry of X-Forwarded-For; only behind a proxy that adds it"),
    ...processSettings,
    jwtSecret: secret().describe(
      "secret of HS256 tokens; without it and without JWT_JWKS_URL the server runs in demo mode",
    ),
    jwtJwksUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("where the public keys of tokens are (JWKS), instead of JWT_SECRET"),
    jwtIssuer: z.string().min(1).optional().describe("the issuer that tokens must name"),
    jwtAudience: z.string().min(1).optional().describe("the audience that tokens must name"),
    inviteSecret: secret().describe(
      "signs invitations, the same on all servers; default JWT_SECRET, or the secret of demo mode",
    ),
    dataDir: z.string().min(1).default(".data").describe("folder for what demo mode keeps: its secret"),
    allowedOrigins: originList
      .default([])
      .describe("further origins whose pages may call the API and open sockets, separated by commas"),
    maxOpenGames: count(0, 500).default(200).describe("games that one player may have that are not over; 0: no limit"),
    newGamesPerHour: count(0, 1_000_000)
      .default(100)
      .describe("games that one player may begin in an hour, and ten times as many from one address; 0: no limit"),
    ...managerSettings,
    enforceDeadlines: z
      .stringbool()
      .default(true)
      .describe("take the turn, or the game, from players whose time is over; a recovery daemon does so as well"),
    rateLimitPerMinute: count(0, 10_000_000)
      .default(1_200)
      .describe("requests and socket messages a minute of one player, or one address without a token; 0: no limit"),
    addressRateLimitPerMinute: count(0, 10_000_000)
      .default(12_000)
      .describe("requests and socket messages a minute from one address (IPv6: one /64), whatever tokens; 0: no limit"),
  },
  advanced: {
    ...advancedStoreSettings,
    ...advancedManagerSettings,
    deadlinesEveryMs: milliseconds(10).default(500).describe("how often the server looks for games whose time is over"),
    bodyLimitBytes: count(1_024, 16_777_216)
      .default(65_536)
      .describe("largest request body; each started KiB beyond the first counts as one more request"),
    maxEventLoopDelayMs: milliseconds(0, 60_000)
      .default(0)
      .describe("mean delay of the event loop beyond which new requests are refused with 503; 0: never"),
    socketMessageLimitBytes: count(256, 1_048_576)
      .default(65_536)
      .describe("largest message from a socket; each started KiB beyond the first counts as one more message"),
    socketMessagesPerSecond: count(1, 100_000)
      .default(50)
      .describe("messages a second that a socket may send in the long run; twice as many in a burst"),
    maxConnections: count(0, 1_000_000)
      .default(900)
      .describe(
        "connections of this server at once, HTTP and WebSocket together, below its limit of open files; 0: no limit",
      ),
    connectionsPerAddress: count(0, 1_000_000)
      .default(500)
      .describe("connections that one address (IPv6: one /64) may have, unless TRUST_PROXY is set; 0: no limit"),
    socketsPerPlayer: count(0, 1_000_000)
      .default(16)
      .describe("sockets that one player may have at this server; 0: no limit"),
    socketsPerAddress: count(0, 1_000_000)
      .default(2_000)
      .describe("sockets that one address (IPv6: one /64) may have at this server; 0: no limit"),
    socketWatchedGames: count(1, 100_000).default(32).describe("games that one socket may watch at once"),
    socketBufferLimitBytes: count(65_536, 67_108_864)
      .default(1_048_576)
      .describe("bytes that may wait for a slow socket before it is closed"),
    traces: z
      .stringbool()
      .default(false)
      .describe("whether actions are spans of OpenTelemetry, for an SDK that NODE_OPTIONS loads"),
    authenticateWithinMs: milliseconds(100).default(5_000).describe("time for a socket's first message"),
    heartbeatEveryMs: milliseconds(100)
      .default(20_000)
      .describe("how often sockets are pinged; one that missed a ping is closed"),
  },
};

export type Config = ConfigOf<typeof settings>;

const managerConfigSchema = z.object({ ...managerSettings, ...advancedManagerSettings });

export type ManagerConfig = z.infer<typeof managerConfigSchema>;

/** The settings that belong to the manager, as it takes them. */
export function managerConfig(config: ManagerConfig) {
  const { refuseNewGamesAt, loadsAtOnce, loadWithinMs, breakAfterFailures, serviceGapMs, ...documented } =
    managerConfigSchema.parse(config);
  const seldom = { refuseNewGamesAt, loadsAtOnce, loadWithinMs, breakAfterFailures, serviceGapMs };
  return { ...documented, advanced: seldom };
}

/** Variables whose names look like misspelt settings. */
export function readMisspelt(environment: Environment = process.env): readonly MisspeltSetting[] {
  return misspeltSettings(settings, environment);
}

/** @throws ConfigError with every problem */
export function readConfig(environment: Environment = process.env): Config {
  return readSettings(settings, environment, contradictions);
}

/** What is wrong between settings. */
function contradictions(given: ReadonlySet<string>): readonly string[] {
  const has = (name: keyof Config) => given.has(name);
  if (has("jwtSecret") && has("jwtJwksUrl")) return ["JWT_JWKS_URL: give either this or JWT_SECRET, not both"];
  if (has("jwtSecret") || has("jwtJwksUrl")) return [];
  return (["jwtIssuer", "jwtAudience"] as const)
    .filter(has)
    .map((name) => `${environmentName(name)}: needs JWT_SECRET or JWT_JWKS_URL`);
}
