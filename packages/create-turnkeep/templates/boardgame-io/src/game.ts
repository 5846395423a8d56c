import type { Game } from "boardgame.io";

export interface Board {
  cells: (string | null)[];
}

const lines = ["012", "345", "678", "036", "147", "258", "048", "246"].map((line) => [...line].map(Number));
const owns = ({ cells }: Board, player: string) => lines.some((line) => line.every((cell) => cells[cell] === player));

/** Three in a row win. The page plays by this file as well. */
export const game: Game<Board> = {
  name: "my-game",
  setup: () => ({ cells: Array<null>(9).fill(null) }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    mark: {
      client: false, // A page shows a move once the server has it.
      move({ G, playerID }, cell: number) {
        if (G.cells[cell] !== null) return "INVALID_MOVE";
        G.cells[cell] = playerID;
      },
    },
  },
  endIf({ G, ctx }) {
    if (owns(G, ctx.currentPlayer)) return { winner: ctx.currentPlayer };
    return G.cells.includes(null) ? undefined : { draw: true };
  },
};
