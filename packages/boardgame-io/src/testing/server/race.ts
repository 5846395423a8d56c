import type { Game } from "boardgame.io";

/** Steps that both players make in turn. */
export const goal = 42;

/** Both players step in turn, until the goal is reached. */
export const race: Game<{ steps: string[] }> = {
  name: "race",
  setup: () => ({ steps: [] }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    step: ({ G, playerID }) => {
      G.steps.push(playerID);
    },
  },
  endIf: ({ G }) => (G.steps.length >= goal ? { winner: G.steps.at(-1) } : undefined),
};
