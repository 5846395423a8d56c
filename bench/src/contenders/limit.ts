import type { GameState } from "@turnkeep/game-state";
import { Redis } from "ioredis";
import pg from "pg";
import type { Address } from "./contender.js";

/** What costs least, with the same clients and as many connections as Turnkeep: it promises nothing. */
export interface Limit {
  readonly redis: Redis;
  readonly db: pg.Pool;
  readonly table: string;
  keyOf(gameId: string): string;
  set(state: GameState): Promise<unknown>;
  get(gameId: string): Promise<GameState>;
  /** SET, and one prepared upsert. */
  save(state: GameState): Promise<void>;
  close(): Promise<void>;
}

export async function openLimit({ redisUrl, databaseUrl, schema, compression }: Address): Promise<Limit> {
  const redis = new Redis(redisUrl);
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const table = `"${schema}_plain".games`;
  await db.query(`
    CREATE SCHEMA IF NOT EXISTS "${schema}_plain";
    CREATE TABLE IF NOT EXISTS ${table} (
      id uuid PRIMARY KEY, state text COMPRESSION ${compression} NOT NULL, players text[] NOT NULL
    );
    CREATE INDEX IF NOT EXISTS games_players ON ${table} USING gin (players)`);
  const upsert = `INSERT INTO ${table} (id, state, players) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state`;
  const keyOf = (gameId: string) => `limit:${gameId}`;
  return {
    redis,
    db,
    table,
    keyOf,
    set: (state) => redis.set(keyOf(state.gameId), JSON.stringify(state)),
    get: async (gameId) => JSON.parse((await redis.get(keyOf(gameId))) ?? "null") as GameState,
    async save(state) {
      const text = JSON.stringify(state);
      await redis.set(keyOf(state.gameId), text);
      await db.query({ name: "upsert", text: upsert, values: [state.gameId, text, state.turnOrder] });
    },
    async close() {
      redis.disconnect();
      await db.end();
    },
  };
}
