import { type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import pg from "pg";

/** Own servers of one run, with the settings of a server that keeps its promises: fsync on. */
export interface BenchServers {
  readonly redis: RunningServer;
  readonly postgres: RunningServer;
  /** What the servers call themselves. */
  readonly versions: { readonly redis: string; readonly postgres: string; readonly compression: "lz4" | "pglz" };
  stop(): Promise<void>;
}

export const postgresSettings = { shared_buffers: "512MB", max_wal_size: "4GB", max_connections: "100" } as const;

export async function startServers(): Promise<BenchServers> {
  const redis = await startRedis();
  const postgres = await startPostgres({ settings: postgresSettings });
  const stop = async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
  };
  try {
    return { redis, postgres, versions: await versionsOf(redis.url, postgres.url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function versionsOf(redisUrl: string, databaseUrl: string): Promise<BenchServers["versions"]> {
  const redis = new Redis(redisUrl);
  const db = new pg.Client(databaseUrl);
  try {
    await db.connect();
    const info = await redis.info("server");
    const { rows } = await db.query<{ version: string; lz4: boolean }>(
      `SELECT current_setting('server_version') AS version,
        (SELECT enumvals @> '{lz4}' FROM pg_settings WHERE name = 'default_toast_compression') AS lz4`,
    );
    return {
      redis: /redis_version:(\S+)/.exec(info)?.[1] ?? "unknown",
      postgres: rows[0]?.version ?? "unknown",
      compression: rows[0]?.lz4 ? "lz4" : "pglz",
    };
  } finally {
    redis.disconnect();
    await db.end();
  }
}

/** Removes what a row left behind. */
export async function emptyServers({ redis, postgres }: BenchServers): Promise<void> {
  const cache = new Redis(redis.url);
  const db = new pg.Client(postgres.url);
  try {
    await db.connect();
    await cache.flushall();
    const { rows } = await db.query<{ name: string }>(
      "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'bench%'",
    );
    for (const { name } of rows) await db.query(`DROP SCHEMA "${name}" CASCADE`);
    await db.query("CHECKPOINT");
  } finally {
    cache.disconnect();
    await db.end();
  }
}
