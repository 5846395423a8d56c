import { recoverByCopy } from "../contenders/copy.js";
import { openContenders } from "../contenders/open-contenders.js";
import { recoverNaively, recoverPlainly } from "../contenders/recover.js";
import { whole } from "../measure/operation.js";
import { seedPlain, seedTurnkeep } from "../states/seed-games.js";
import type { Row } from "./row.js";

export const recovery: Row = {
  name: "recovery",
  title: "Recovery after a loss of the cache",
  against:
    "limit: keyset pages + one pipeline a page; second limit: one COPY, as SETs straight to the socket; usual design: all rows, checked by zod and SET one by one",
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
          copy: (limit) => job(() => recoverByCopy(limit)),
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
