import type { System } from "../game-service.js";
import type { Ledger } from "../ledger-game.js";
import type { SystemOf } from "../run-row.js";
import { withPostgres, withRedis } from "../turnkeep-system.js";
import { openNaiveService } from "./naive-service.js";

/** The naive design on the same stores, and the same look into them. */
export const naiveSystem: SystemOf = ({ redisUrl, databaseUrl }, names): System => {
  const copyOf = ({ writes }: Ledger) => ({ version: `0.${writes.length}`, writes });
  return {
    name: "naive",
    prepare: () =>
      withPostgres(databaseUrl, async (db) => {
        await db.query(`
          CREATE SCHEMA "${names.schema}";
          CREATE TABLE "${names.schema}".games (id uuid PRIMARY KEY, state json NOT NULL);
          CREATE TABLE "${names.schema}".history (id serial PRIMARY KEY, game_id uuid NOT NULL, state json NOT NULL);`);
      }),
    open: (endpoints) => openNaiveService(endpoints, names),
    backlog: async () => 0,
    inspect: (gameIds) =>
      withRedis(redisUrl(), (redis) =>
        withPostgres(databaseUrl, async (db) => {
          const rows = await db.query<{ id: string; state: Ledger }>(`SELECT id, state FROM "${names.schema}".games`);
          const history = await db.query<{ id: string; state: Ledger }>(
            `SELECT game_id AS id, state FROM "${names.schema}".history ORDER BY history.id`,
          );
          return Promise.all(
            gameIds.map(async (gameId) => {
              const row = rows.rows.find(({ id }) => id === gameId);
              const text = await redis.get(`${names.keyPrefix}game:${gameId}`);
              return {
                gameId,
                row: row ? { status: "live", copy: copyOf(row.state) } : null,
                log: null,
                cache: text === null ? null : { ...copyOf(JSON.parse(text)), status: "live", dirty: false },
                histories: history.rows
                  .filter(({ id }) => id === gameId)
                  .map(({ state }) => ({ writes: state.writes, log: null })),
              };
            }),
          );
        }),
      ),
    close: () =>
      withPostgres(databaseUrl, async (db) => void (await db.query(`DROP SCHEMA "${names.schema}" CASCADE`))),
  };
};
