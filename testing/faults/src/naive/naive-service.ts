import { TurnkeepError } from "@turnkeep/core";
import { Redis } from "ioredis";
import pg from "pg";
import type { Endpoints, GameService } from "../game-service.js";
import { addWrite, type Ledger, newLedger } from "../ledger-game.js";

/** Everything has a time to live, also what was never persisted. */
const ttlMs = 1_200;

/**
 * The design that everybody writes first: the cache is SET blindly, the row is found and then saved, recovery restores
 * everything, everything has a time to live. It is here to be caught by the judge.
 */
export async function openNaiveService(
  { redisUrl, databaseUrl }: Endpoints,
  { keyPrefix, schema }: { keyPrefix: string; schema: string },
): Promise<GameService> {
  const redis = new Redis(redisUrl, { lazyConnect: true, commandTimeout: 800 });
  const db = new pg.Pool({ connectionString: databaseUrl, max: 6, connectionTimeoutMillis: 1_500 });
  redis.on("error", () => {});
  db.on("error", () => {});
  await redis.connect();

  const key = (gameId: string) => `${keyPrefix}game:${gameId}`;
  const set = (state: Ledger) => redis.set(key(state.gameId), JSON.stringify(state), "PX", ttlMs);
  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await db.query<Row>(sql.replaceAll("naive.", `"${schema}".`), [...values])).rows;

  async function load(gameId: string): Promise<Ledger | null> {
    const cached = await redis.get(key(gameId));
    if (cached !== null) return JSON.parse(cached) as Ledger;
    const [row] = await query<{ state: Ledger }>("SELECT state FROM naive.games WHERE id = $1", [gameId]);
    if (row) await set(row.state);
    return row?.state ?? null;
  }

  async function persist(state: Ledger): Promise<void> {
    const values = [state.gameId, JSON.stringify(state)];
    const found = await query("SELECT id FROM naive.games WHERE id = $1", [state.gameId]);
    if (found.length > 0) await query("UPDATE naive.games SET state = $2 WHERE id = $1", values);
    else await query("INSERT INTO naive.games (id, state) VALUES ($1, $2)", values);
  }

  async function existing(gameId: string): Promise<Ledger> {
    const state = await load(gameId);
    if (state === null) throw new TurnkeepError("GameNotFound", "no such game", { gameId });
    return state;
  }

  const operations: GameService = {
    async create(gameId) {
      await persist(newLedger(gameId));
      await set(newLedger(gameId));
    },
    async write(gameId, writeId, ask) {
      const { state } = addWrite(await existing(gameId), writeId, ask);
      await set(state);
      if (ask === "writeBehind") return "writeBehind";
      await persist(state);
      return "durable";
    },
    async read(gameId) {
      const state = await load(gameId);
      if (state === null) return null;
      return { version: `0.${state.writes.length}`, status: "live", stale: false, writes: state.writes };
    },
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
      for (const { state } of await query<{ state: Ledger }>("SELECT state FROM naive.games")) await set(state);
    },
    async sweep() {}, // It has nothing to sweep, as it believes.
    now: async () => Date.now(),
    async close() {
      redis.disconnect();
      await db.end();
    },
  };
  return asTyped(operations);
}

/** Its clients are told of any error that it may have happened. */
function asTyped(operations: GameService): GameService {
  const typed =
    <Args extends unknown[], T>(operation: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      operation(...args).catch((error) => {
        if (error instanceof TurnkeepError) throw error;
        throw new TurnkeepError("StoreUnavailable", String(error), { fate: "unknown" });
      });
  return {
    create: typed(operations.create),
    write: typed(operations.write),
    read: typed(operations.read),
    end: typed(operations.end),
    remove: typed(operations.remove),
    recover: typed(operations.recover),
    sweep: typed(operations.sweep),
    now: operations.now,
    close: operations.close,
  };
}
