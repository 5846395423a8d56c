import { literal } from "sequelize";
import type { Site } from "../contenders/contender.js";
import { openContenders } from "../contenders/open-contenders.js";
import { repeated } from "../measure/operation.js";
import { seededPlayer, seedPlain, seedTurnkeep } from "../states/seed-games.js";
import type { Row } from "./row.js";

const parts = 20;

/** Writes each game of both tables so often, a part of them at a time, as flushes do in their batches. */
async function updateOften({ db, schema }: Site, times: number): Promise<void> {
  const tables = [
    { table: `"${schema}".active_games`, change: "revision = revision + 1, last_action_at = now()" },
    { table: `"${schema}_plain".games`, change: "state = state || ' '" },
  ];
  for (let time = 0; time < times; time += 1) {
    for (let part = 0; part < parts; part += 1) {
      for (const { table, change } of tables) {
        await db.query(`UPDATE ${table} SET ${change} WHERE abs(hashtext(id::text)) % ${parts} = ${part}`);
      }
    }
  }
}

export const count: Row = {
  name: "count",
  title: "How many games are active",
  against: "limit: SELECT count(*) of the bare table; usual design: the cache's keys are counted",
  cases: ({ games, runMs }) =>
    [0, 4].map((updates) => ({
      label: `${games} games, ${updates === 0 ? "fresh" : `each written ${updates} times`}`,
      open: async (site) => {
        await seedTurnkeep(site, 4, games);
        return openContenders(site, {
          kind: "reads",
          limit: ({ db, table }) =>
            repeated({ runMs }, 1, () => db.query({ name: "count", text: `SELECT count(*) FROM ${table}` })),
          naive: async (naive) => {
            await seedPlain(site);
            await updateOften(site, updates);
            const { rows } = await site.db.query<{ id: string }>(`SELECT id FROM "${site.schema}".active_games`);
            await site.cache.mset(rows.flatMap(({ id }) => [naive.keyOf(id), "{}"]));
            return repeated({ runMs }, 1, () => naive.redis.keys(naive.keyOf("*")));
          },
          turnkeep: (manager) =>
            repeated({ runMs }, 1, async () => {
              const counted = await manager.getActiveGameCount();
              if (counted !== games) throw new Error(`${counted} of ${games} games were counted`);
            }),
        });
      },
    })),
};

const pageGames = 20;

export const playersGames: Row = {
  name: "players-games",
  title: "A page of one player's games",
  against: "limit: one prepared SELECT by an index of players; usual design: findAll by an ORM, whole states",
  cases: ({ games, runMs }) =>
    [1, 64].map((atOnce) => ({
      label: `${games} games, ${atOnce} at once`,
      open: async (site) => {
        await seedTurnkeep(site, 4, games);
        const listing = (list: (player: string) => Promise<unknown>) => {
          let next = 0;
          return repeated({ runMs }, atOnce, () => list(seededPlayer((next++ * 31) % games)));
        };
        return openContenders(site, {
          kind: "reads",
          limit: ({ db, table }) => {
            const text = `SELECT id FROM ${table} WHERE players @> ARRAY[$1] ORDER BY id DESC LIMIT ${pageGames}`;
            return listing((player) => db.query({ name: "players-games", text, values: [player] }));
          },
          naive: async (naive) => {
            await seedPlain(site);
            const order: [string, string][] = [["updatedAt", "DESC"]];
            return listing((player) =>
              naive.games.findAll({ where: literal(`players @> ARRAY['${player}']`), order, limit: pageGames }),
            );
          },
          turnkeep: (manager) =>
            listing(async (player) => {
              const { items } = await manager.getPlayerActiveGames(player, { limit: pageGames });
              if (items.length !== pageGames) throw new Error(`${items.length} games were listed`);
            }),
        });
      },
    })),
};
