import type { GameState } from "@turnkeep/game-state";
import { openContenders } from "../contenders/open-contenders.js";
import { create } from "../contenders/turnkeep.js";
import { type Pace, repeated } from "../measure/operation.js";
import { playedGame } from "../states/played-game.js";
import type { Row } from "./row.js";

const games = 64;

/** @param localCopyBytes 0: this process holds nothing, as one that sees each game for the first time */
const casesOf =
  (localCopyBytes?: number): Row["cases"] =>
  ({ sizes, runMs }) =>
    sizes.flatMap((size) =>
      [1, 64].map((atOnce) => ({
        label: `${size} KB, ${atOnce} at once`,
        open: async (site) => {
          const states = Array.from({ length: games }, (_, number) => playedGame(size, number));
          const loading = (pace: Pace, load: (gameId: string) => Promise<unknown>) => {
            let next = 0;
            return repeated(pace, atOnce, () => load((states[next++ % games] as GameState).gameId));
          };
          return openContenders(site, {
            kind: "reads",
            ...(localCopyBytes === undefined ? {} : { settings: { localCopyBytes } }),
            limit: async (limit) => {
              for (const state of states) await limit.set(state);
              return loading({ runMs }, limit.get);
            },
            naive: async (naive) => {
              for (const state of states) await naive.set(state);
              return loading({ runMs }, naive.get);
            },
            turnkeep: async (manager) => {
              for (const state of states) await create(manager, state);
              return loading({ runMs }, (gameId) => manager.loadState(gameId));
            },
          });
        },
      })),
    );

const against = "limit: GET + JSON.parse; usual design: GET + zod";

export const loadHeld: Row = { name: "load-held", title: "A load of a held game", against, cases: casesOf() };

export const load: Row = { name: "load", title: "A load of a game that is not held", against, cases: casesOf(0) };
