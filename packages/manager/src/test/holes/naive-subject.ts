import { uniqueName } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { Gates } from "./gates.js";
import { NaiveServer } from "./naive-server.js";
import type { Moves, Subject } from "./subject.js";

/** Two naive servers in a schema of their own. */
export async function createNaiveSubject(urls: { databaseUrl: string; redisUrl: string }): Promise<Subject> {
  const names = { prefix: `${uniqueName("naive")}:`, schema: uniqueName("naive"), ttlMs: 60_000 };
  const redis = new Redis(urls.redisUrl);
  const db = new pg.Pool({ connectionString: urls.databaseUrl, max: 4 });
  await db.query(`
    CREATE SCHEMA "${names.schema}";
    CREATE TABLE "${names.schema}".games (id uuid PRIMARY KEY, state jsonb NOT NULL, rules jsonb NOT NULL);
    CREATE TABLE "${names.schema}".history (id uuid PRIMARY KEY, state jsonb NOT NULL);`);
  const gates = [new Gates(), new Gates()] as const;
  const servers = [new NaiveServer(redis, db, names, gates[0]), new NaiveServer(redis, db, names, gates[1])] as const;

  return {
    servers,
    redis,
    hold: (server, step) => gates[server].hold(step),
    stateKey: (gameId) => `${names.prefix}game:${gameId}`,
    history: async (gameId) => {
      const sql = `SELECT state FROM "${names.schema}".history WHERE id = $1`;
      const { rows } = await db.query<{ state: Moves }>(sql, [gameId]);
      return rows.map(({ state }) => ({ moves: state.moves, incomplete: false }));
    },
    storedRules: async (gameId) => {
      const { rows } = await db.query(`SELECT rules FROM "${names.schema}".games WHERE id = $1`, [gameId]);
      return rows[0]?.rules;
    },
    largestReply: () => Math.max(...servers.map((server) => server.largestReply)),
    stop: async () => {
      await db.query(`DROP SCHEMA "${names.schema}" CASCADE`);
      await db.end();
      await redis.quit();
    },
  };
}
