import type { Counter } from "@turnkeep/conformance/counter-game";
import { withPostgres, withRedis } from "../stores/connections.js";
import type { Names, System } from "../system/system.js";
import type { StoreUrls } from "../system/turnkeep-system.js";
import { openNaiveService } from "./naive-service.js";

interface Row {
  readonly id: string;
  readonly state: Counter;
}

/** The naive design on the same stores, inspected in the same way. Its servers run in this process only. */
export function naiveSystem({ redisUrl, databaseUrl }: StoreUrls, names: Names): System {
  const copyOf = ({ moves }: Counter) => ({ version: `0.${moves.length}`, writes: moves });
  const copied = { ...names, schema: `${names.schema}_copy` };
  return {
    prepare: () =>
      withPostgres(databaseUrl, async (db) => {
        await db.query(`
          CREATE SCHEMA "${names.schema}";
          CREATE TABLE "${names.schema}".games (id uuid PRIMARY KEY, state json NOT NULL);
          CREATE TABLE "${names.schema}".history (id serial PRIMARY KEY, game_id uuid NOT NULL, state json NOT NULL);`);
      }),
    open: (endpoints) => openNaiveService(endpoints, names),
    openCopy: async (endpoints) => {
      await withPostgres(databaseUrl, async (db) => {
        await db.query(`DROP SCHEMA IF EXISTS "${copied.schema}" CASCADE; CREATE SCHEMA "${copied.schema}"`);
        for (const table of ["games", "history"]) {
          await db.query(`CREATE TABLE "${copied.schema}".${table} AS TABLE "${names.schema}".${table}`);
        }
      });
      return openNaiveService(endpoints, copied);
    },
    backlog: async () => 0,
    inspect: (gameIds) =>
      withRedis(redisUrl(), (redis) =>
        withPostgres(databaseUrl, async (db) => {
          const games = await db.query<Row>(`SELECT id, state FROM "${names.schema}".games`);
          const history = await db.query<Row>(
            `SELECT game_id AS id, state FROM "${names.schema}".history ORDER BY history.id`,
          );
          return Promise.all(
            gameIds.map(async (gameId) => {
              const row = games.rows.find(({ id }) => id === gameId);
              const text = await redis.get(`${names.keyPrefix}game:${gameId}`);
              return {
                gameId,
                row: row ? { status: "live", copy: copyOf(row.state) } : null,
                log: null,
                cache: text === null ? null : { ...copyOf(JSON.parse(text)), status: "live", dirty: false },
                histories: history.rows
                  .filter(({ id }) => id === gameId)
                  .map(({ state }) => ({ writes: state.moves, log: null, incomplete: false })),
              };
            }),
          );
        }),
      ),
    close: () =>
      withPostgres(databaseUrl, async (db) => {
        for (const { schema } of [names, copied]) await db.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      }),
  };
}
