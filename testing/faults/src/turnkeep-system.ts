import { createSqlStore } from "@turnkeep/sql-store";
import { type Cluster, Redis } from "ioredis";
import pg from "pg";
import type { FinalGame, StoredCopy, System } from "./game-service.js";
import type { Ledger } from "./ledger-game.js";
import { mastersOf } from "./redis-topology.js";
import type { StoreUrls } from "./run-row.js";
import { startWorker } from "./start-worker.js";
import { type Names, openTurnkeepService, type ServiceOptions } from "./turnkeep-service.js";

interface Row {
  id: string;
  status: string;
  version: string;
  state: string | null;
}

/** Turnkeep as it is, and a look into its stores that trusts none of its code. */
export function turnkeepSystem(urls: StoreUrls, names: Names, options: ServiceOptions = {}): System {
  const table = (name: string) => `"${names.schema}".${name}`;
  const copyOf = (version: string, text: string): StoredCopy => ({
    version,
    writes: (JSON.parse(text) as Ledger).writes,
  });

  async function inspectCache(redis: Redis | Cluster, gameId: string): Promise<FinalGame["cache"]> {
    const key = `${names.keyPrefix}game:${gameId}`;
    const [text, facts, ttl] = await Promise.all([redis.get(key), redis.hgetall(`{${key}}:m`), redis.pttl(key)]);
    if (text === null) return null;
    const copy = copyOf(`${facts.lin}.${facts.rev}`, text);
    return { ...copy, status: facts.st ?? "unknown", dirty: ttl === -1 };
  }

  const look = <T>(work: (redis: Redis | Cluster) => Promise<T>): Promise<T> =>
    urls.topology === undefined ? withRedis(urls.redisUrl(), work) : withClient(urls.topology.connect(), work);

  return {
    name: "turnkeep",
    async prepare() {
      const store = createSqlStore({ url: urls.databaseUrl, schema: names.schema });
      await store.migrate();
      await store.close();
    },
    open: (endpoints, { asProcess = false, env } = {}) =>
      asProcess ? startWorker(endpoints, names, options, env) : openTurnkeepService(endpoints, names, options),
    backlog: () =>
      look(async (redis) => {
        const counts = mastersOf(redis).map(async (master) => {
          const parts = await master.keys(`${names.keyPrefix}dirty:{*}`);
          return Promise.all(parts.map((part) => master.zcard(part)));
        });
        return (await Promise.all(counts)).flat().reduce((sum, count) => sum + count, 0);
      }),
    inspect: (gameIds) =>
      look((redis) =>
        withPostgres(urls.databaseUrl, async (db) => {
          const rows = await db.query<Row>(
            `SELECT id, status, lineage || '.' || revision AS version, state FROM ${table("active_games")}`,
          );
          const log = await db.query<{ id: string; seq: string; entry: string }>(
            `SELECT game_id AS id, seq, entry FROM ${table("game_log")} WHERE seq > 0 ORDER BY game_id, seq`,
          );
          const history = await db.query<{ id: string; replay: string }>(
            `SELECT game_id AS id, replay_data::text AS replay FROM ${table("game_history")}`,
          );
          return Promise.all(
            gameIds.map(async (gameId): Promise<FinalGame> => {
              const row = rows.rows.find(({ id }) => id === gameId);
              return {
                gameId,
                row: row
                  ? { status: row.status, copy: row.state === null ? null : copyOf(row.version, row.state) }
                  : null,
                log: log.rows
                  .filter(({ id }) => id === gameId)
                  .map(({ seq, entry }) => ({ seq: Number(seq), writeId: writeOf(JSON.parse(entry)) })),
                cache: await inspectCache(redis, gameId),
                histories: history.rows
                  .filter(({ id }) => id === gameId)
                  .map(({ replay }) => {
                    const { finalState, log } = JSON.parse(replay) as { finalState: Ledger; log: unknown[] };
                    return { writes: finalState.writes, log: log.map(writeOf) };
                  }),
              };
            }),
          );
        }),
      ),
    close: () =>
      withPostgres(urls.databaseUrl, async (db) => void (await db.query(`DROP SCHEMA "${names.schema}" CASCADE`))),
  };
}

const writeOf = (entry: unknown): string => String((entry as { write?: unknown } | null)?.write);

/** A connection of its own for one look. */
export function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  return withClient(new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 }), work);
}

async function withClient<Client extends Redis | Cluster, T>(
  redis: Client,
  work: (redis: Client) => Promise<T>,
): Promise<T> {
  redis.on("error", () => {}); // Its commands say it too.
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

export async function withPostgres<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url });
  db.on("error", () => {}); // Its statements say it too.
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end().catch(() => {});
  }
}
