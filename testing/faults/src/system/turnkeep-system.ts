import type { Counter } from "@turnkeep/conformance/counter-game";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Cluster, Redis } from "ioredis";
import { withClient, withPostgres, withRedis } from "../stores/connections.js";
import { mastersOf, type RedisTopology } from "../stores/redis-topology.js";
import { startWorker } from "./start-worker.js";
import type { FinalGame, Names, StoredCopy, StoredHistory, System } from "./system.js";
import { openTurnkeepService, type ServiceOptions, writeOf } from "./turnkeep-service.js";

/** Where a system's stores are now. */
export interface StoreUrls {
  readonly redisUrl: () => string;
  readonly databaseUrl: string;
  /** Set if Redis is more than one server. */
  readonly topology?: RedisTopology | undefined;
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly version: string;
  readonly state: string | null;
}
interface LogRow {
  readonly id: string;
  readonly seq: string;
  readonly entry: string;
}
interface HistoryRow {
  readonly id: string;
  readonly replay: string;
  readonly incomplete: boolean;
}

/** Turnkeep as it is. What its stores hold is read without any of its code. */
export function turnkeepSystem(urls: StoreUrls, names: Names, options: ServiceOptions = {}): System {
  const look = <T>(work: (redis: Redis | Cluster) => Promise<T>): Promise<T> =>
    urls.topology === undefined ? withRedis(urls.redisUrl(), work) : withClient(urls.topology.connect(), work);

  async function inspectCache(redis: Redis | Cluster, gameId: string): Promise<FinalGame["cache"]> {
    const key = `${names.keyPrefix}game:${gameId}`;
    const [text, header, ttl] = await Promise.all([redis.get(key), redis.hgetall(`{${key}}:m`), redis.pttl(key)]);
    if (text === null) return null;
    const copy = copyOf(`${header.lin}.${header.rev}`, text);
    return { ...copy, status: header.st ?? "unknown", dirty: ttl === -1 };
  }

  const copied = { ...names, schema: `${names.schema}_copy` };
  async function migrate(schema: string): Promise<void> {
    const store = createSqlStore({ url: urls.databaseUrl, schema });
    await store.migrate();
    await store.close();
  }

  return {
    prepare: () => migrate(names.schema),
    async openCopy(endpoints) {
      await dropSchemas(urls.databaseUrl, copied.schema);
      await migrate(copied.schema);
      await withPostgres(urls.databaseUrl, async (db) => {
        for (const table of ["active_games", "game_log"]) {
          await db.query(`INSERT INTO "${copied.schema}".${table} SELECT * FROM "${names.schema}".${table}`);
        }
      });
      return openTurnkeepService(endpoints, copied, options);
    },
    open: (endpoints, deploy) => openTurnkeepService(endpoints, names, { ...options, deploy }),
    openProcess: (endpoints, env) => startWorker(endpoints, names, options, env),
    backlog: () =>
      look(async (redis) => {
        const counts = mastersOf(redis).map(async (master) => {
          const parts = await master.keys(`${names.keyPrefix}dirty:{*}`);
          return Promise.all(parts.map((part) => master.zcard(part)));
        });
        return (await Promise.all(counts)).flat().reduce((sum, count) => sum + count, 0);
      }),
    inspect: (gameIds) =>
      look(async (redis) => {
        const { rows, log, history } = await readTables(urls.databaseUrl, names.schema);
        return Promise.all(
          gameIds.map(async (gameId): Promise<FinalGame> => {
            const row = rows.find(({ id }) => id === gameId);
            const copy = row === undefined || row.state === null ? null : copyOf(row.version, row.state);
            return {
              gameId,
              row: row === undefined ? null : { status: row.status, copy },
              log: log
                .filter(({ id }) => id === gameId)
                .map(({ seq, entry }) => ({ seq: Number(seq), writeId: writeOf(JSON.parse(entry)) })),
              cache: await inspectCache(redis, gameId),
              histories: history.filter(({ id }) => id === gameId).map(historyOf),
            };
          }),
        );
      }),
    close: () => dropSchemas(urls.databaseUrl, names.schema, copied.schema),
  };
}

const dropSchemas = (databaseUrl: string, ...schemas: readonly string[]) =>
  withPostgres(databaseUrl, async (db) => {
    for (const schema of schemas) await db.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  });

const readTables = (databaseUrl: string, schema: string) =>
  withPostgres(databaseUrl, async (db) => {
    const rows = await db.query<Row>(
      `SELECT id, status, lineage || '.' || revision AS version, state FROM "${schema}".active_games`,
    );
    const log = await db.query<LogRow>(
      `SELECT game_id AS id, seq, entry FROM "${schema}".game_log WHERE seq > 0 ORDER BY game_id, seq`,
    );
    const history = await db.query<HistoryRow>(
      `SELECT game_id AS id, replay_data::text AS replay, incomplete FROM "${schema}".game_history`,
    );
    return { rows: rows.rows, log: log.rows, history: history.rows };
  });

const copyOf = (version: string, text: string): StoredCopy => ({
  version,
  writes: (JSON.parse(text) as Counter).moves,
});

function historyOf({ replay, incomplete }: HistoryRow): StoredHistory {
  const { finalState, log } = JSON.parse(replay) as { finalState: Counter; log: unknown[] };
  return { writes: finalState.moves, log: log.map(writeOf), incomplete };
}
