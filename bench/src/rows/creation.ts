import type { GameState } from "@turnkeep/game-state";
import { openContenders } from "../contenders/open-contenders.js";
import { create } from "../contenders/turnkeep.js";
import { repeated } from "../measure/operation.js";
import { gameIdOf, playedGame } from "../states/played-game.js";
import type { Row } from "./row.js";

const atOnce = 64;

export const creation: Row = {
  name: "create",
  title: "A creation",
  against: "limit: SET + one prepared upsert; usual design: SET, find, then create by an ORM",
  cases: ({ sizes, runMs }) =>
    sizes.slice(0, 2).map((size) => ({
      label: `${size} KB, ${atOnce} at once`,
      open: (site) => {
        const dealt = playedGame(size, 0);
        let next = 0;
        const creating = (save: (state: GameState) => Promise<unknown>) =>
          repeated({ runMs }, atOnce, () => save({ ...dealt, gameId: gameIdOf(next++) }));
        return openContenders(site, {
          kind: "writes",
          limit: (limit) => creating(limit.save),
          naive: (naive) => creating(naive.save),
          turnkeep: (manager) => creating((state) => create(manager, state)),
        });
      },
    })),
};
