import { Chess, DEFAULT_POSITION } from "chess.js";

/** All moves so far, since the third repetition of a position is a draw; and the position after them. */
export interface Position {
  readonly moves: readonly string[];
  readonly fen: string;
  readonly over: "checkmate" | "draw" | "resignation" | null;
}

export const firstPosition: Position = { moves: [], fen: DEFAULT_POSITION, over: null };

/** The position after a move, such as `e2e4` or `a7a8q`; `null` if that is not legal. */
export function afterMove({ moves }: Position, lan: string): Position | null {
  const chess = new Chess();
  for (const move of moves) chess.move(move);
  const legal = chess.moves({ verbose: true }).find((move) => move.lan === lan);
  if (legal === undefined) return null;
  chess.move(legal);
  const over = chess.isCheckmate() ? "checkmate" : chess.isDraw() ? "draw" : null;
  return { moves: [...moves, legal.san], fen: chess.fen(), over };
}
