import type { GameState, Outcome } from "@turnkeep/game-state";
import type { GameStateManager } from "@turnkeep/manager";
import { openContenders } from "../contenders/open-contenders.js";
import { create } from "../contenders/turnkeep.js";
import { repeated, whole } from "../measure/operation.js";
import { act } from "../states/act.js";
import { gameIdOf, playedGame } from "../states/played-game.js";
import type { Row } from "./row.js";

/** About as large as what the server logs of one action. */
const entry = {
  playerId: "1a1a1a1a-1111-4111-8111-111111111111",
  writeId: "6f6f6f6f-6666-4666-8666-666666666666",
  entries: [{ turn: 7, playerId: "1a1a1a1a-1111-4111-8111-111111111111", action: { type: "attack", index: 1 } }],
} as const;
const entryText = JSON.stringify(entry);
const entriesAtOnce = 500;
const draw: Outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false };

const logged = (state: GameState) => ({ state: act(state), log: [entry] });

/** Writes a game until its log has so many entries. */
async function writeLog(manager: GameStateManager<GameState>, gameId: string, entries: number): Promise<void> {
  for (let written = 0; written < entries; written += entriesAtOnce) {
    const some = Array.from({ length: Math.min(entriesAtOnce, entries - written) }, () => entry);
    await manager.update(gameId, (state) => ({ state: act(state), log: some }));
  }
}

export const log: Row = {
  name: "log",
  title: "An action with a log entry, in a game with a long log",
  against: "limit: one pipeline of SET and RPUSH; usual design: SET of the state with its whole log",
  cases: ({ runMs, logEntries }) =>
    logEntries.map((entries) => ({
      label: `4 KB, ${entries} entries, 1 at once`,
      open: (site) =>
        openContenders(site, {
          kind: "writes",
          limit: async (limit) => {
            let state = playedGame(4, 0);
            const key = `${limit.keyOf(state.gameId)}:log`;
            await limit.redis.rpush(key, ...Array.from({ length: entries }, () => entryText));
            return repeated({ runMs }, 1, async () => {
              state = act(state);
              await limit.redis
                .pipeline()
                .set(limit.keyOf(state.gameId), JSON.stringify(state))
                .rpush(key, entryText)
                .exec();
            });
          },
          naive: (naive) => {
            let state = playedGame(4, 0);
            const log: object[] = Array.from({ length: entries }, () => entry);
            return repeated({ runMs }, 1, async () => {
              state = act(state);
              log.push(entry);
              await naive.redis.set(naive.keyOf(state.gameId), JSON.stringify({ ...state, log }));
            });
          },
          turnkeep: async (manager) => {
            const { gameId } = (await create(manager, playedGame(4, 0))).state;
            await writeLog(manager, gameId, entries);
            return repeated({ runMs }, 1, () => manager.update(gameId, logged));
          },
        }),
    })),
};

const gamesToEnd = 4;

export const end: Row = {
  name: "end",
  title: "The end of a game with a long log",
  against: "limit: one INSERT of as many bytes, and DEL; usual design: find, create and destroy by an ORM, and DEL",
  cases: ({ logEntries }) =>
    logEntries.map((entries) => ({
      label: `4 KB, ${entries} entries`,
      open: (site) => {
        const log = Array.from({ length: entries }, () => entry);
        let next = 0;
        const states = () =>
          Array.from({ length: gamesToEnd }, () => ({ ...playedGame(4, 0), gameId: gameIdOf(next++) }));
        return openContenders(site, {
          kind: "reads",
          limit: async (limit) => {
            await site.db.query(
              `CREATE TABLE IF NOT EXISTS "${site.schema}_plain".history (id uuid PRIMARY KEY, replay json NOT NULL)`,
            );
            let texts: (readonly [string, string])[] = [];
            const text = `INSERT INTO "${site.schema}_plain".history (id, replay) VALUES ($1, $2)`;
            return whole({
              operations: gamesToEnd,
              prepare: async () => {
                texts = states().map((state) => [
                  state.gameId,
                  JSON.stringify({ initialState: state, log, finalState: state }),
                ]);
              },
              run: async () => {
                for (const [id, replay] of texts) {
                  await limit.db.query({ name: "end", text, values: [id, replay] });
                  await limit.redis.del(limit.keyOf(id));
                }
              },
            });
          },
          naive: async (naive) => {
            let games: GameState[] = [];
            return whole({
              operations: gamesToEnd,
              prepare: async () => {
                games = states();
                for (const state of games) await naive.save(state);
              },
              run: async () => {
                for (const state of games) {
                  const { gameId, turnOrder: players } = state;
                  const game = await naive.games.findByPk(gameId);
                  await naive.games.create({
                    id: gameIdOf(2 ** 40 + next++),
                    state: { initial: state, log, final: state },
                    players,
                  });
                  await game?.destroy();
                  await naive.redis.del(naive.keyOf(gameId));
                }
              },
            });
          },
          turnkeep: async (manager) => {
            let ids: string[] = [];
            return whole({
              operations: gamesToEnd,
              prepare: async () => {
                ids = await Promise.all(states().map(async (state) => (await create(manager, state)).state.gameId));
                for (const gameId of ids) await writeLog(manager, gameId, entries);
              },
              run: async () => {
                for (const gameId of ids) await manager.endGame(gameId, draw);
              },
            });
          },
        });
      },
    })),
};
