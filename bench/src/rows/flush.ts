import type { GameState } from "@turnkeep/game-state";
import type { Limit } from "../contenders/limit.js";
import { openContenders } from "../contenders/open-contenders.js";
import { create } from "../contenders/turnkeep.js";
import { whole } from "../measure/operation.js";
import { act } from "../states/act.js";
import { gameIdOf, playedGame } from "../states/played-game.js";
import type { Row } from "./row.js";

const batchGames = 50;
const atOnce = 64;

/** Reads what was written from Redis, and writes it in batches, two of them in flight. */
async function flushPlainly({ redis, db, table, keyOf }: Limit, ids: readonly string[]): Promise<void> {
  const text = `UPDATE ${table} AS game SET state = fresh.state
    FROM unnest($1::uuid[], $2::text[]) AS fresh(id, state) WHERE game.id = fresh.id`;
  let next = 0;
  const work = async () => {
    while (next < ids.length) {
      const batch = ids.slice(next, next + batchGames);
      next += batchGames;
      await db.query({ name: "flush", text, values: [batch, await redis.mget(batch.map(keyOf))] });
    }
  };
  await Promise.all([work(), work()]);
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export const flush: Row = {
  name: "flush",
  title: "Flush of games that were written",
  against: "limit: MGET + one UPDATE of 50 games, two in flight; usual design: GET, find and save, one by one",
  cases: ({ sizes, games }) =>
    sizes.slice(0, 2).map((size) => {
      const some = Math.min(games, 1_000);
      return {
        label: `${size} KB, ${some} games`,
        open: (site) => {
          const originals = Array.from({ length: 16 }, (_, number) => playedGame(size, number));
          const states = Array.from({ length: some }, (_, number) => ({
            ...(originals[number % originals.length] as GameState),
            gameId: gameIdOf(number),
          }));
          const ids = states.map(({ gameId }) => gameId);
          const save = (save: (state: GameState) => Promise<unknown>) => eachAtOnce(states, save);
          return openContenders(site, {
            kind: "reads",
            // Everything is due at once, and only this row's runs flush it.
            settings: { flushWithinMs: 10, runFlusher: false },
            limit: async (limit) => {
              await save(limit.save);
              return whole({
                operations: some,
                prepare: () => save(limit.set),
                run: () => flushPlainly(limit, ids),
              });
            },
            naive: async (naive) => {
              await save(naive.save);
              return whole({
                operations: some,
                run: async () => {
                  for (const gameId of ids) await naive.save(await naive.get(gameId));
                },
              });
            },
            turnkeep: async (manager) => {
              await save((state) => create(manager, state));
              return whole({
                operations: some,
                prepare: async () => {
                  await eachAtOnce(ids, (gameId) => manager.update(gameId, act));
                  await new Promise((resolve) => setTimeout(resolve, 20));
                },
                async run() {
                  await manager.flushDue();
                  const { games } = await manager.backlog();
                  if (games > 0) throw new Error(`${games} games were not flushed`);
                },
              });
            },
          });
        },
      };
    }),
};
