import { Chess } from "chess.js";
import type { Action, ChessGame } from "./game.js";
import { boardAfter, playerToMove } from "./rules.js";

/** What a PGN file says of a game. */
export interface RecordedGame {
  readonly players: readonly [white: string, black: string];
  readonly moves: readonly string[];
  readonly result: string;
}

/** @throws Error if this is no PGN, or a move in it is not legal */
export function readPgn(text: string): RecordedGame {
  const game = new Chess();
  game.loadPgn(text);
  const { White = "", Black = "", Result = "*" } = game.getHeaders();
  return { players: [White, Black], moves: game.history(), result: Result };
}

/** An archived game as a PGN file. */
export function toPgn({ players: [white, black], moves, over }: ChessGame): string {
  const board = boardAfter(moves);
  board.setHeader("White", white);
  board.setHeader("Black", black);
  board.setHeader("Result", over === null ? "*" : resultFor(over.winner, white));
  return board.pgn();
}

const resultFor = (winner: string | null, white: string) =>
  winner === null ? "1/2-1/2" : winner === white ? "1-0" : "0-1";

/** Who does what next, so that the game goes as it was recorded: without checkmate the loser resigned. */
export function nextOf({ players, moves, result }: RecordedGame, state: ChessGame): [player: string, action: Action] {
  const move = moves[state.moves.length];
  if (move !== undefined) return [playerToMove(state), { move }];
  const [white, black] = players;
  if (result === "1-0") return [black, { resign: true }];
  if (result === "0-1") return [white, { resign: true }];
  return state.offer === null ? [white, { offer: "draw" }] : [black, { accept: "draw" }];
}
