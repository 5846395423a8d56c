import { type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import pg from "pg";

/** Own servers of one run, with connections of the run's own to look after them. */
export interface BenchServers {
  readonly redis: RunningServer;
  readonly postgres: RunningServer;
  readonly cache: Redis;
  readonly db: pg.Pool;
  readonly versions: ServerVersions;
  /** Removes what a row left behind. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerVersions {
  readonly redis: string;
  readonly postgres: string;
  /** How Postgres compresses large texts, where it is asked for the best that it has. */
  readonly compression: "lz4" | "pglz";
}

/** Postgres keeps its promises (fsync on), and has memory for what is measured. */
export const postgresSettings = { shared_buffers: "512MB", max_wal_size: "4GB" } as const;

export async function startServers(): Promise<BenchServers> {
  const redis = await startRedis();
  const postgres = await startPostgres({ settings: postgresSettings });
  const cache = new Redis(redis.url);
  const db = new pg.Pool({ connectionString: postgres.url, max: 1 });
  const stop = async () => {
    cache.disconnect();
    await db.end();
    await Promise.all([redis.stop(), postgres.stop()]);
  };
  try {
    const versions = await versionsOf(cache, db);
    return { redis, postgres, cache, db, versions, empty: () => empty(cache, db), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function versionsOf(cache: Redis, db: pg.Pool): Promise<ServerVersions> {
  const { rows } = await db.query<{ version: string; lz4: boolean }>(
    `SELECT current_setting('server_version') AS version,
      (SELECT enumvals @> '{lz4}' FROM pg_settings WHERE name = 'default_toast_compression') AS lz4`,
  );
  return {
    redis: /redis_version:(\S+)/.exec(await cache.info("server"))?.[1] ?? "unknown",
    postgres: rows[0]?.version ?? "unknown",
    compression: rows[0]?.lz4 ? "lz4" : "pglz",
  };
}

async function empty(cache: Redis, db: pg.Pool): Promise<void> {
  await cache.flushall();
  const { rows } = await db.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'bench%'",
  );
  for (const { name } of rows) await db.query(`DROP SCHEMA "${name}" CASCADE`);
  await db.query("CHECKPOINT");
}
