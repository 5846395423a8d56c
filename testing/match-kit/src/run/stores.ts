import { randomBytes } from "node:crypto";
import { startPostgres, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import pg from "pg";
import type { GivenServers } from "../config.js";
import { ownKeys } from "./redis-keys.js";

/** Where the games of a run are kept. */
export interface MatchStores {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly redisUrl: string;
  readonly keyPrefix: string;
  /** Ends what was started here; of given servers only removes the schema and the keys of this run. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Takes the given servers, and starts those that are not given in temporary folders.
 * @param prefix begins the name of the run, which is its schema and the prefix of its keys
 */
export async function openStores(given: GivenServers, prefix: string): Promise<MatchStores> {
  const name = `${prefix}_${randomBytes(5).toString("hex")}`;
  const endings: (() => Promise<void>)[] = [];
  try {
    const { databaseUrl, redisUrl } = given;
    const stores = {
      schema: name,
      keyPrefix: `${name}:`,
      databaseUrl: databaseUrl ?? (await own(startPostgres, endings)),
      redisUrl: redisUrl ?? (await own(() => startRedis({ appendonly: true }), endings)),
    };
    if (databaseUrl !== undefined) endings.push(() => dropSchema(databaseUrl, name));
    if (redisUrl !== undefined) endings.push(() => removeKeys(redisUrl, stores.keyPrefix));
    return { ...stores, close: () => closeAll(endings) };
  } catch (error) {
    await closeAll(endings);
    throw error;
  }
}

async function own(
  start: () => Promise<{ url: string; stop(): Promise<void> }>,
  endings: (() => Promise<void>)[],
): Promise<string> {
  const server = await start();
  endings.push(() => server.stop());
  return server.url;
}

async function closeAll(endings: (() => Promise<void>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(endings.splice(0).map((end) => end()));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  } finally {
    await client.end();
  }
}

async function removeKeys(url: string, keyPrefix: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  await redis.connect();
  try {
    for (const key of await ownKeys(redis, keyPrefix)) await redis.unlink(key);
  } finally {
    redis.disconnect();
  }
}
