import { type Runtime, systemRuntime, TurnkeepError } from "@turnkeep/core";
import { maxReplayLogBytes } from "@turnkeep/core/ports";
import pg from "pg";
import type { Sequelize } from "sequelize";
import * as z from "zod";

const isSequelize = (value: unknown): value is Sequelize =>
  typeof value === "object" && value !== null && "connectionManager" in value && "transaction" in value;

const isRuntime = (value: unknown): value is Runtime =>
  typeof value === "object" && value !== null && "schedule" in value && "random" in value;

/** True for every URL that pg can read. */
function isDatabaseUrl(text: string): boolean {
  try {
    return /^postgres(ql)?:\/\/./.test(text) && new pg.Client(text).host !== "";
  } catch {
    return false;
  }
}

/** What few applications tune. */
const advancedSchema = z.strictObject({
  sequelizePoolSize: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .describe("connections of the Sequelize that is made from the url: models, migrations, transactions"),
  preparedStatements: z
    .boolean()
    .default(true)
    .describe("whether statements are prepared once a connection; off for poolers that cannot keep them"),
  maxReplayLogBytes: z
    .int()
    .min(0)
    .max(2 ** 28)
    .default(maxReplayLogBytes)
    .describe("a longer log is not kept in history: its game is archived without it, as incomplete"),
  applicationName: z.string().max(63).default("turnkeep").describe("how the connections are called in Postgres"),
});

/** What can be set on a Postgres store; parsed once, then frozen. */
export const optionsSchema = z
  .strictObject({
    url: z
      .string()
      .refine(isDatabaseUrl, "is no URL of Postgres")
      .optional()
      .describe(
        "where Postgres is, as postgres://user:password@host:port/database, or with ?host=/folder for a Unix socket; " +
          "either this or sequelize",
      ),
    sequelize: z
      .custom<Sequelize>(isSequelize, "is not an instance of Sequelize")
      .optional()
      .describe("the application's own Sequelize; it is used and never closed, and says how to connect"),
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, "has 1 to 63 characters of a-z 0-9 _, and begins with no digit")
      .default("turnkeep")
      .describe("the Postgres schema that holds the tables; made by migrate() if it is missing"),
    poolSize: z.int().min(1).max(1_000).default(4).describe("connections for the store's own statements"),
    connectTimeoutMs: z
      .int()
      .min(10)
      .default(5_000)
      .describe("how long a call waits for a connection, a free one or a new one"),
    statementTimeoutMs: z
      .int()
      .min(0)
      .default(10_000)
      .describe(
        "how long one statement may take; 0: nothing is asked of the server, as some poolers need, and the client waits 11 s",
      ),
    lockTimeoutMs: z
      .int()
      .min(0)
      .default(5_000)
      .describe("how long one statement may wait for a row's lock; 0: nothing is asked of the server"),
    migrateOnStart: z.boolean().default(false).describe("whether start() brings the schema up to date"),
    runtime: z
      .custom<Runtime>(isRuntime, "is no Runtime")
      .default(() => systemRuntime)
      .describe("where timers and chance come from"),
    advanced: advancedSchema.prefault({}).describe("what few applications tune"),
  })
  .refine(({ url, sequelize }) => (url === undefined) !== (sequelize === undefined), "give either url or sequelize")
  .readonly();

export type SqlStoreOptions = z.input<typeof optionsSchema>;
export type Settings = z.output<typeof optionsSchema>;

/** @throws InvalidInput, naming the options that are wrong, without their values */
export function parseOptions(options: SqlStoreOptions): Settings {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "options"}: ${issue.message}`);
  throw new TurnkeepError("InvalidInput", `the Postgres store cannot be made: ${issues.join("; ")}`, { issues });
}
