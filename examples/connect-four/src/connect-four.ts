import { type DeepReadonly, defineGame, type Outcome, type Viewer } from "@turnkeep/core";
import * as z from "zod";

const columns = 7;
const rows = 6;

/** `board` has a text for each column, from the bottom: "0" and "1" are the players' discs. */
export const connectFourSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  turn: z.int().min(0),
  players: z.array(z.string()).length(2),
  board: z.array(z.string().regex(/^[01]{0,6}$/)).length(columns),
});

export type ConnectFour = DeepReadonly<z.infer<typeof connectFourSchema>>;

export const connectFour = defineGame({
  name: "connect-four",
  schema: connectFourSchema,
  schemaVersion: 1,
  idOf: ({ id }) => id,
  turnOf: ({ turn }) => turn,
  playersOf: ({ players }) => players,
  endReasons: ["four", "full"],
  resultOf,
  viewFor: ({ id, turn, board, players }, viewer) => ({
    id,
    board,
    seat: seatOf(players, viewer),
    next: turn % 2,
  }),
});

export const newConnectFour = (id: string, players: readonly string[]): ConnectFour => ({
  schemaVersion: 1,
  id,
  turn: 0,
  players,
  board: Array.from({ length: columns }, () => ""),
});

const seatOf = (players: readonly string[], viewer: Viewer) =>
  viewer === "spectator" ? null : players.includes(viewer.playerId) ? players.indexOf(viewer.playerId) : null;

export const legalColumns = ({ board }: ConnectFour): number[] =>
  board.flatMap((column, at) => (column.length < rows ? [at] : []));

/** @throws Error with what to say to the player */
export function drop(state: ConnectFour, playerId: string, column: number): ConnectFour {
  if (state.players[state.turn % 2] !== playerId) throw new Error("not your turn");
  if (!legalColumns(state).includes(column)) throw new Error("no place in this column");
  const board = state.board.map((discs, at) => (at === column ? `${discs}${state.turn % 2}` : discs));
  return { ...state, turn: state.turn + 1, board };
}

function resultOf({ board, players, turn }: ConnectFour): Outcome | null {
  const disc = String((turn + 1) % 2);
  const has = (column: number, row: number) => board[column]?.[row] === disc;
  const directions = [
    [1, 0],
    [0, 1],
    [1, 1],
    [1, -1],
  ] as const;
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const four = directions.some(([x, y]) => [0, 1, 2, 3].every((n) => has(column + n * x, row + n * y)));
      if (four) return { endReason: "four", winnerIds: [players[Number(disc)] ?? ""], winnerIsNpc: false };
    }
  }
  return turn < columns * rows ? null : { endReason: "full", winnerIds: [], winnerIsNpc: false };
}
