import { isDeepStrictEqual } from "node:util";
import { verify as verifyStores } from "@turnkeep/operations";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Op } from "sequelize";
import type { Address, Site } from "../contenders/contender.js";
import type { Limit } from "../contenders/limit.js";
import type { Naive } from "../contenders/naive.js";
import { openContenders } from "../contenders/open-contenders.js";
import { whole } from "../measure/operation.js";
import { seedPlain, seedTurnkeep } from "../states/seed-games.js";
import type { Row } from "./row.js";

const pageGames = 500;
const beforeAll = "00000000-0000-0000-0000-000000000000";

/** Keyset pages of bytes, beside one pipeline of bytes a page. */
async function compareBytes({ redis, db, table, keyOf }: Limit): Promise<void> {
  const text = `SELECT id, octet_length(state) AS bytes FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${pageGames}`;
  for (let after = beforeAll; ; ) {
    const { rows } = await db.query<{ id: string; bytes: number }>({ name: "bytes", text, values: [after] });
    const pipeline = redis.pipeline();
    for (const { id } of rows) pipeline.strlen(keyOf(id));
    const copies = (await pipeline.exec()) ?? [];
    if (rows.some(({ bytes }, n) => copies[n]?.[1] !== bytes)) throw new Error("a copy is not its row");
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageGames) return;
    after = last.id;
  }
}

/** Pages of whole rows and of whole copies, which are parsed and compared. */
async function compareStates({ games, redis, keyOf }: Naive): Promise<void> {
  for (let after = beforeAll; ; ) {
    const rows = await games.findAll({ where: { id: { [Op.gt]: after } }, order: ["id"], limit: pageGames });
    const ids = rows.map((row) => row.get("id") as string);
    const copies = ids.length === 0 ? [] : await redis.mget(ids.map(keyOf));
    for (const [n, row] of rows.entries()) {
      if (!isDeepStrictEqual(JSON.parse(copies[n] ?? "null"), row.get("state")))
        throw new Error("a copy is not its row");
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < pageGames) return;
    after = last;
  }
}

type KeyOf = (gameId: string) => string;

/** Puts the plain games into the cache, under the keys of all who keep them there. */
async function cachePlain({ db, cache, schema }: Site, keysOf: readonly KeyOf[]): Promise<void> {
  const text = `SELECT id, state FROM "${schema}_plain".games WHERE id > $1 ORDER BY id LIMIT ${pageGames}`;
  for (let after: string | undefined = beforeAll; after !== undefined; ) {
    const { rows }: { rows: { id: string; state: string }[] } = await db.query(text, [after]);
    if (rows.length > 0)
      await cache.mset(rows.flatMap(({ id, state }) => keysOf.flatMap((keyOf) => [keyOf(id), state])));
    after = rows.at(-1)?.id;
  }
}

/** Turnkeep's, on a cache and a store as the command line opens them. */
async function openVerification({ redisUrl, databaseUrl, schema }: Address, games: number) {
  const cache = createRedisCache({ url: redisUrl, keyPrefix: `${schema}:` });
  const store = createSqlStore({ url: databaseUrl, schema });
  await Promise.all([cache.start(), store.start()]);
  const run = async () => {
    let compared = 0;
    for await (const event of verifyStores({ cache, store })) {
      if (event.kind === "finding") throw new Error(`a sound game is ${event.finding.kind}`);
      compared = event.progress.games;
    }
    if (compared !== games) throw new Error(`${compared} of ${games} games were compared`);
  };
  return { run, close: () => Promise.all([cache.close(), store.close()]) };
}

export const verifying: Row = {
  name: "verify",
  title: "Both stores compared, game by game",
  against: "limit: keyset pages of bytes + one pipeline of STRLEN a page; usual design: all texts, parsed and compared",
  cases: ({ games: few }) => {
    const games = 10 * few;
    return [
      {
        label: `4 KB, ${games} games`,
        open: async (site) => {
          await seedTurnkeep(site, 4, games);
          await site.cache.flushall(); // The copies that the seed was made from have no rows.
          const keysOf: KeyOf[] = [];
          return openContenders(site, {
            kind: "reads",
            limit: (limit) => {
              keysOf.push(limit.keyOf);
              return whole({ operations: games, run: () => compareBytes(limit) });
            },
            naive: async (naive) => {
              await seedPlain(site);
              await cachePlain(site, [...keysOf, naive.keyOf]);
              return whole({ operations: games, run: () => compareStates(naive) });
            },
            turnkeep: async (manager) => {
              await manager.recoverActiveGames();
              const { run, close } = await openVerification(site, games);
              return { ...whole({ operations: games, run }), close };
            },
          });
        },
      },
    ];
  },
};
