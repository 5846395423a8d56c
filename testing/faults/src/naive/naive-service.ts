import { type Counter, newCounter } from "@turnkeep/conformance/counter-game";
import { TurnkeepError } from "@turnkeep/core";
import { Redis } from "ioredis";
import pg from "pg";
import { wallClockMs } from "../clock.js";
import type { Endpoints, GameService, Names } from "../system/system.js";
import { addWrite } from "../system/turnkeep-service.js";

/** Everything has a time to live, also what was never persisted. */
const ttlMs = 1_200;

/**
 * The design that is written first: the cache is SET blindly, the row is found and then saved, recovery restores
 * everything, everything has a time to live. The checker has to find what it breaks.
 */
export async function openNaiveService(
  { redisUrl, databaseUrl }: Endpoints,
  { keyPrefix, schema }: Names,
): Promise<GameService> {
  const redis = new Redis(redisUrl, { lazyConnect: true, commandTimeout: 800 });
  const db = new pg.Pool({ connectionString: databaseUrl, max: 6, connectionTimeoutMillis: 1_500 });
  redis.on("error", () => {});
  db.on("error", () => {});
  await redis.connect();

  const key = (gameId: string) => `${keyPrefix}game:${gameId}`;
  const set = (state: Counter) => redis.set(key(state.gameId), JSON.stringify(state), "PX", ttlMs);
  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await db.query<Row>(sql.replaceAll("naive.", `"${schema}".`), [...values])).rows;

  async function load(gameId: string): Promise<Counter | null> {
    const cached = await redis.get(key(gameId));
    if (cached !== null) return JSON.parse(cached) as Counter;
    const [row] = await query<{ state: Counter }>("SELECT state FROM naive.games WHERE id = $1", [gameId]);
    if (row) await set(row.state);
    return row?.state ?? null;
  }

  async function persist(state: Counter): Promise<void> {
    const values = [state.gameId, JSON.stringify(state)];
    const found = await query("SELECT id FROM naive.games WHERE id = $1", [state.gameId]);
    if (found.length > 0) await query("UPDATE naive.games SET state = $2 WHERE id = $1", values);
    else await query("INSERT INTO naive.games (id, state) VALUES ($1, $2)", values);
  }

  async function existing(gameId: string): Promise<Counter> {
    const state = await load(gameId);
    if (state === null) throw new TurnkeepError("GameNotFound", "no such game", { gameId });
    return state;
  }

  return withTypedErrors({
    async create(gameId) {
      await persist(newCounter(gameId));
      await set(newCounter(gameId));
    },
    async write(gameId, writeId, kind, bytes) {
      const { state } = addWrite(writeId, kind, bytes)(await existing(gameId));
      await set(state);
      if (kind === "writeBehind") return "writeBehind";
      await persist(state);
      return "durable";
    },
    async read(gameId) {
      const state = await load(gameId);
      if (state === null) return null;
      return { version: `0.${state.moves.length}`, status: "live", stale: false, writes: state.moves };
    },
    log: async (gameId) => (await load(gameId))?.moves ?? [],
    async end(gameId) {
      const state = await existing(gameId);
      await query("INSERT INTO naive.history (game_id, state) VALUES ($1, $2)", [gameId, JSON.stringify(state)]);
      await query("DELETE FROM naive.games WHERE id = $1", [gameId]);
      await redis.del(key(gameId));
    },
    async remove(gameId) {
      await redis.del(key(gameId));
      return (await query("DELETE FROM naive.games WHERE id = $1 RETURNING id", [gameId])).length > 0;
    },
    async recover() {
      for (const { state } of await query<{ state: Counter }>("SELECT state FROM naive.games")) await set(state);
    },
    async sweep() {}, // It has nothing to sweep.
    now: async () => wallClockMs(),
    async close() {
      redis.disconnect();
      await db.end();
    },
  });
}

/** Of any error that has no code its clients learn that the call may have been carried out. */
function withTypedErrors(service: GameService): GameService {
  const typed =
    <Args extends unknown[], T>(operation: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      operation(...args).catch((error) => {
        if (error instanceof TurnkeepError) throw error;
        throw new TurnkeepError("StoreUnavailable", String(error), { fate: "unknown" });
      });
  return {
    create: typed(service.create),
    write: typed(service.write),
    read: typed(service.read),
    log: typed(service.log),
    end: typed(service.end),
    remove: typed(service.remove),
    recover: typed(service.recover),
    sweep: typed(service.sweep),
    now: service.now,
    close: service.close,
  };
}
