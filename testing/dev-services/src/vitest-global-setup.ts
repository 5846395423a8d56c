import type { TestProject } from "vitest/node";
import { type RunningServer, startPostgres, startRedis } from "./index.js";
import type {} from "./provided-context.js";

/** Enough for every test file's pools at once. */
const maxConnections = "300";

const given = (name: string): string | undefined => process.env[name] || undefined;

/**
 * Provides one Postgres and one Redis to the whole test run: the given ones, else fresh ones in temporary
 * folders. They end with the run, also when it is killed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databaseUrl = given("DATABASE_URL");
  const redisUrl = given("REDIS_URL");
  const started = await Promise.allSettled([
    databaseUrl ?? startPostgres({ durable: false, settings: { max_connections: maxConnections } }),
    redisUrl ?? startRedis(),
  ]);
  const own = started
    .map((outcome) => (outcome.status === "fulfilled" ? outcome.value : undefined))
    .filter((server): server is RunningServer => typeof server === "object");
  const stop = async (): Promise<void> => {
    await Promise.all(own.map((server) => server.stop()));
  };
  const [postgres, redis] = started;
  if (postgres.status === "rejected" || redis.status === "rejected") {
    await stop();
    throw postgres.status === "rejected" ? postgres.reason : (redis as PromiseRejectedResult).reason;
  }
  const urlOf = (server: RunningServer | string): string => (typeof server === "string" ? server : server.url);
  project.provide("databaseUrl", urlOf(postgres.value));
  project.provide("redisUrl", urlOf(redis.value));
  return stop;
}
