import { gameStateSchema } from "@turnkeep/game-state";
import type { Limit } from "../contenders/limit.js";
import type { Naive } from "../contenders/naive.js";
import { openContenders } from "../contenders/open-contenders.js";
import { whole } from "../measure/operation.js";
import { seedPlain, seedTurnkeep } from "../states/seed-games.js";
import type { Row } from "./row.js";

const pageGames = 200;

/** Keyset pages, each set by one pipeline. */
export async function recoverPlainly({ redis, db, table, keyOf }: Limit): Promise<void> {
  const text = `SELECT id, state FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${pageGames}`;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const { rows } = await db.query<{ id: string; state: string }>({ name: "page", text, values: [after] });
    const pipeline = redis.pipeline();
    for (const { id, state } of rows) pipeline.set(keyOf(id), state);
    await pipeline.exec();
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageGames) return;
    after = last.id;
  }
}

/** All rows at once, then one game after the other. */
export async function recoverNaively({ games, set }: Naive): Promise<void> {
  for (const game of await games.findAll()) await set(gameStateSchema.parse(game.get("state")));
}

export const recovery: Row = {
  name: "recovery",
  title: "Recovery after a loss of the cache",
  against: "limit: keyset pages + one pipeline a page; usual design: all rows, checked by zod and SET one by one",
  cases: ({ sizes, games }) =>
    sizes.map((size) => ({
      label: `${size} KB, ${games} games`,
      open: async (site) => {
        await seedTurnkeep(site, size, games);
        const job = (run: () => Promise<unknown>) =>
          whole({ operations: games, prepare: () => site.cache.flushall(), run });
        return openContenders(site, {
          kind: "reads",
          settings: { localCopyBytes: 0 },
          limit: (limit) => job(() => recoverPlainly(limit)),
          naive: async (naive) => {
            await seedPlain(site);
            return job(() => recoverNaively(naive));
          },
          turnkeep: (manager) =>
            job(async () => {
              const { recovered } = await manager.recoverActiveGames();
              if (recovered !== games) throw new Error(`${recovered} of ${games} games were recovered`);
            }),
        });
      },
    })),
};
