import { TurnkeepError } from "@turnkeep/core";
import { Chess, DEFAULT_POSITION } from "chess.js";
import { type Action, type ChessGame, chess, type LogEntry, seatToMove } from "./game.js";

/** A new game, with so much time for each player's moves. */
export const newChessGame = (id: string, players: readonly [string, string], msEach: number): ChessGame => ({
  schemaVersion: 1,
  id,
  turn: 0,
  players,
  moves: [],
  fen: DEFAULT_POSITION,
  leftMs: [msEach, msEach],
  turnBeganMs: null,
  offer: null,
  over: null,
});

/** What a player does at this service time, as the reducer of an update. What comes after its deadline loses on time. */
export function act(state: ChessGame, player: string, action: Action, atMs: number) {
  const dueMs = chess.dueAt(state);
  if (dueMs !== null && atMs >= dueMs) return timeOver(state, dueMs);
  if ("timeOver" in action) throw illegal("there is time left");
  return logged(state, { player, action, atMs });
}

/** What becomes of a game whose deadline has come. */
export function loseOnTime(state: ChessGame) {
  const dueMs = chess.dueAt(state);
  return dueMs === null ? state : timeOver(state, dueMs);
}

/** At the deadline, whenever it is enforced. */
const timeOver = (state: ChessGame, dueMs: number) =>
  logged(state, { player: playerToMove(state), action: { timeOver: true }, atMs: dueMs });

const logged = (state: ChessGame, entry: LogEntry) => ({ state: apply(state, entry), log: [entry] });

/** The state after one log entry. @throws TurnkeepError IllegalAction, NotYourTurn or Forbidden */
export function apply(state: ChessGame, { player, action, atMs }: LogEntry): ChessGame {
  if (state.over !== null) throw illegal("the game is over");
  if (!state.players.includes(player)) throw new TurnkeepError("Forbidden", "only players act", {});
  const opponent = state.players.find((id) => id !== player) ?? "";
  if ("move" in action) return move(state, player, action.move, atMs);
  if ("resign" in action) return end(state, "resigned", opponent);
  if ("timeOver" in action) return end(state, "time", opponent);
  if ("offer" in action) {
    if (state.offer !== null) throw illegal("answer the other offer first");
    if (action.offer === "takeback" && movesToTakeBack(state, player) > state.moves.length)
      throw illegal("no move to take back");
    return { ...state, offer: { what: action.offer, by: player } };
  }
  const what = "accept" in action ? action.accept : action.decline;
  if (state.offer?.what !== what) throw illegal(`no ${what} is offered`);
  if ("decline" in action) return { ...state, offer: null };
  if (state.offer.by === player) throw illegal("the opponent accepts");
  return what === "draw" ? end(state, "agreement", null) : takeBack(state, opponent, atMs);
}

export const playerToMove = ({ players, moves }: ChessGame): string => players[seatToMove(moves)];

/** The board after these moves. */
export function boardAfter(moves: readonly string[]): Chess {
  const board = new Chess(); // Not from the FEN alone: it does not know which positions came before.
  for (const san of moves) board.move(san);
  return board;
}

function move(state: ChessGame, player: string, text: string, atMs: number): ChessGame {
  if (playerToMove(state) !== player) throw new TurnkeepError("NotYourTurn", "not your turn", {});
  const board = boardAfter(state.moves);
  const san = board.moves({ verbose: true }).find((legal) => legal.san === text || legal.lan === text)?.san;
  if (san === undefined) throw illegal(`${text} is not legal`);
  board.move(san);
  const moves = [...state.moves, san];
  return { ...onBoard(state, moves, board, atMs), over: resultOf(board, player) };
}

function takeBack(state: ChessGame, asker: string, atMs: number): ChessGame {
  const moves = state.moves.slice(0, state.moves.length - movesToTakeBack(state, asker));
  return onBoard(state, moves, boardAfter(moves), atMs);
}

/** So many that the player is to move again. */
const movesToTakeBack = (state: ChessGame, player: string): 1 | 2 => (playerToMove(state) === player ? 2 : 1);

/** The next turn. The time of the last one is its player's, also if it ends with a takeback; an offer lapses. */
function onBoard(state: ChessGame, moves: readonly string[], board: Chess, atMs: number): ChessGame {
  const seat = seatToMove(state.moves);
  const spentMs = atMs - (state.turnBeganMs ?? atMs);
  const [white, black] = state.leftMs;
  const leftMs = seat === 0 ? ([white - spentMs, black] as const) : ([white, black - spentMs] as const);
  return { ...state, turn: state.turn + 1, moves, fen: board.fen(), leftMs, turnBeganMs: atMs, offer: null };
}

function resultOf(board: Chess, mover: string): ChessGame["over"] {
  if (board.isCheckmate()) return { reason: "checkmate", winner: mover };
  if (board.isStalemate()) return { reason: "stalemate", winner: null };
  if (board.isInsufficientMaterial()) return { reason: "insufficient_material", winner: null };
  if (board.isThreefoldRepetition()) return { reason: "repetition", winner: null };
  return board.isDrawByFiftyMoves() ? { reason: "fifty_moves", winner: null } : null;
}

const end = (state: ChessGame, reason: NonNullable<ChessGame["over"]>["reason"], winner: string | null): ChessGame => ({
  ...state,
  offer: null,
  over: { reason, winner },
});

const illegal = (reason: string) => new TurnkeepError("IllegalAction", reason, { reason });
