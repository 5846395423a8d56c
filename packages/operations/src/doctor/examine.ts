import { type Runtime, systemRuntime } from "@turnkeep/core";
import type { Check, Level } from "./check.js";
import { postgresChecks } from "./postgres-checks.js";
import { collectPostgresFacts, type PostgresFacts, type Query, type SchemaNeeds } from "./postgres-facts.js";
import { redisChecks } from "./redis-checks.js";
import { collectRedisFacts, type RedisFacts, type RedisMaster } from "./redis-facts.js";
import { schemaChecks } from "./schema-checks.js";
import { type SharedFacts, sharedChecks } from "./shared-checks.js";

/** What one check has found. */
export interface Diagnosis {
  readonly id: string;
  readonly level: Level;
  readonly wants: string;
  readonly found: string;
  readonly breaks: string;
  readonly mend: string;
}

export interface Examination {
  readonly diagnoses: readonly Diagnosis[];
  /** False where one of the stores could not be looked at. */
  readonly isComplete: boolean;
}

/** The two stores, and how to look at them besides. */
export interface ExaminedStores {
  readonly redis: {
    /** Does what a server's start does. @throws what that throws */
    start(): Promise<unknown>;
    /** @throws Error where Redis cannot be reached */
    masters(): Promise<readonly RedisMaster[]>;
    readonly keyPrefix: string;
  };
  readonly postgres: {
    start(): Promise<unknown>;
    readonly query: Query;
    readonly needs: SchemaNeeds;
    readonly migrations: readonly string[];
    /** Whose games the schema keeps. @throws Error where that cannot be read */
    deployment(): Promise<string | null>;
  };
  /** The game that the programs serve. */
  readonly game: string;
}

/** Every check, in the order in which they are reported. */
export const doctorChecks: readonly Pick<Check<never>, "id" | "wants" | "breaks" | "mend">[] = [
  ...sharedChecks,
  ...redisChecks,
  ...postgresChecks,
  ...schemaChecks,
];

/** What `redis-start` and `postgres-start` only repeat. */
const explains: Readonly<Record<string, RegExp>> = {
  "redis-start": /^redis-/,
  "postgres-start": /^(postgres|migrations)-/,
};

/**
 * Checks the settings of both stores, the rights, and the schema, without a change to any game. Never throws for what a
 * store answers, or that it does not. A check about which nothing can be said is left out.
 */
export async function examine(stores: ExaminedStores, runtime: Runtime = systemRuntime): Promise<Examination> {
  const [cacheRefusal, storeRefusal] = await Promise.all([
    refusalOf(() => stores.redis.start()),
    refusalOf(() => stores.postgres.start()),
  ]);
  const [redis, postgres, deployment] = await Promise.all([
    redisFacts(stores.redis, runtime),
    orNull<PostgresFacts>(() => collectPostgresFacts(stores.postgres.query, stores.postgres.needs, runtime)),
    orNull(() => stores.postgres.deployment()),
  ]);
  const { migrations: knownMigrations } = stores.postgres;
  const { game } = stores;
  const shared: SharedFacts = { cacheRefusal, storeRefusal, redis, postgres, knownMigrations, deployment, game };
  const found = [
    ...sharedChecks.flatMap((check) => diagnose(check, shared)),
    ...redisChecks.flatMap((check) => redis.flatMap((master) => diagnose(check, master, master.name))),
    ...(postgres === null ? [] : [...postgresChecks, ...schemaChecks].flatMap((check) => diagnose(check, postgres))),
  ];
  const diagnoses = found.filter(({ id, level }) => level !== "fail" || !isExplained(id, found));
  return { diagnoses, isComplete: redis.length > 0 && postgres !== null };
}

const isExplained = (id: string, found: readonly Diagnosis[]): boolean =>
  explains[id] !== undefined &&
  found.some((other) => other.id !== id && other.level === "fail" && explains[id]?.test(other.id));

function diagnose<Facts>({ look, ...check }: Check<Facts>, facts: Facts, where = ""): readonly Diagnosis[] {
  const verdict = look(facts);
  if (verdict === null) return [];
  const found = where === "" ? verdict.found : `${where}: ${verdict.found}`;
  return [{ ...check, level: verdict.level, found }];
}

async function redisFacts(redis: ExaminedStores["redis"], runtime: Runtime): Promise<readonly RedisFacts[]> {
  const facts = await orNull(async () => {
    const masters = await redis.masters();
    return Promise.all(masters.map((master) => collectRedisFacts(master, redis.keyPrefix, runtime)));
  });
  return facts ?? [];
}

async function refusalOf(start: () => Promise<unknown>): Promise<string | null> {
  try {
    await start();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}
