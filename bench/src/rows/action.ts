import type { GameState } from "@turnkeep/game-state";
import type { ContenderName, Site } from "../contenders/contender.js";
import { openLimit } from "../contenders/limit.js";
import { openNaive } from "../contenders/naive.js";
import { create, openTurnkeep } from "../contenders/turnkeep.js";
import { type Measured, type Pace, repeated } from "../measure/operation.js";
import { act, endTurn } from "../states/act.js";
import { playedGame, type StateSize } from "../states/played-game.js";
import type { Row } from "./row.js";

interface Writing {
  readonly size: StateSize;
  readonly atOnce: number;
  readonly change: (state: GameState) => GameState;
  readonly durable: boolean;
}

/** Each worker has a game of its own, as a server has that holds the games of its players. */
async function openWriting(site: Site, pace: Pace, { size, atOnce, change, durable }: Writing) {
  const states = () => Array.from({ length: atOnce }, (_, worker) => playedGame(size, worker));
  /** The plain designs keep the state in memory, and write it. */
  const plain = async (save: (state: GameState) => Promise<unknown>, close: () => Promise<unknown>) => {
    const held = states();
    return repeated(
      pace,
      atOnce,
      (worker) => {
        const next = change(held[worker] as GameState);
        held[worker] = next;
        return save(next);
      },
      close,
    );
  };
  const [limit, naive] = [await openLimit(site), await openNaive(site)];
  const contenders = new Map<ContenderName, Measured>();
  contenders.set("limit", await plain(durable ? limit.save : limit.set, limit.close));
  contenders.set("control", await plain(durable ? limit.save : limit.set, async () => {}));
  contenders.set("naive", await plain(durable ? naive.save : naive.set, naive.close));
  for (const validateWrites of ["every", "turns"] as const) {
    const own = { ...site, schema: `${site.schema}_${validateWrites}` };
    const manager = await openTurnkeep(own, { validateWrites });
    const held = states();
    await Promise.all(held.map((state) => create(manager, state)));
    contenders.set(
      validateWrites,
      repeated(
        pace,
        atOnce,
        (worker) => manager.update((held[worker] as GameState).gameId, change),
        () => manager.close(),
      ),
    );
  }
  return contenders;
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
