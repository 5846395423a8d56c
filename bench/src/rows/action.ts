import type { GameState } from "@turnkeep/game-state";
import type { Site } from "../contenders/contender.js";
import { openContenders } from "../contenders/open-contenders.js";
import { create } from "../contenders/turnkeep.js";
import { type Pace, repeated } from "../measure/operation.js";
import { act, endTurn } from "../states/act.js";
import { playedGame, type StateSize } from "../states/played-game.js";
import type { Row } from "./row.js";

interface Writing {
  readonly size: StateSize;
  readonly atOnce: number;
  readonly change: (state: GameState) => GameState;
  /** What the limit and the usual design do with the next state. */
  readonly durable: boolean;
}

/** Each worker has a game of its own, as a server has that holds the games of its players. */
function openWriting(site: Site, pace: Pace, { size, atOnce, change, durable }: Writing) {
  const states = () => Array.from({ length: atOnce }, (_, worker) => playedGame(size, worker));
  /** The plain designs keep the state in memory, and write it. */
  const plain = (save: (state: GameState) => Promise<unknown>) => {
    const held = states();
    return repeated(pace, atOnce, (worker) => {
      const next = change(held[worker] as GameState);
      held[worker] = next;
      return save(next);
    });
  };
  return openContenders(site, {
    kind: "writes",
    limit: (limit) => plain(durable ? limit.save : limit.set),
    naive: (naive) => plain(durable ? naive.save : naive.set),
    turnkeep: async (manager) => {
      const ids = await Promise.all(states().map(async (state) => (await create(manager, state)).state.gameId));
      return repeated(pace, atOnce, (worker) => manager.update(ids[worker] as string, change));
    },
  });
}

const casesOf =
  (change: Writing["change"], durable: boolean): Row["cases"] =>
  ({ sizes, atOnce, runMs }) =>
    sizes.flatMap((size) =>
      atOnce.map((atOnce) => ({
        label: `${size} KB, ${atOnce} at once`,
        open: (site: Site) => openWriting(site, { runMs }, { size, atOnce, change, durable }),
      })),
    );

export const action: Row = {
  name: "action",
  title: "An action on a held game",
  against: "limit: JSON.stringify + SET; usual design: the same, and it reads nothing before it writes",
  cases: casesOf(act, false),
};

export const turn: Row = {
  name: "turn",
  title: "A durable turn",
  against: "limit: JSON.stringify + SET + one prepared upsert; usual design: SET, find, then save by an ORM",
  cases: casesOf(endTurn, true),
};
