import { checkGame } from "@turnkeep/testing";
import { expect, test } from "vitest";
import { type Action, type ChessGame, chess, type LogEntry } from "./game.js";
import { act, apply, boardAfter, loseOnTime, newChessGame, playerToMove } from "./rules.js";

const players = ["white", "black"] as const;
const begin = (msEach = 60_000) => newChessGame(crypto.randomUUID(), players, msEach);
const play = (state: ChessGame, ...moves: readonly string[]) =>
  moves.reduce((now, move) => act(now, playerToMove(now), { move }, 0).state, state);

type Move = { readonly player: string; readonly action: Action };

function legalActions(state: ChessGame): readonly Move[] {
  const mover = playerToMove(state);
  const moves = boardAfter(state.moves).moves();
  const offers: readonly Move[] =
    state.offer === null
      ? state.moves.length < 2
        ? []
        : players.map((player) => ({ player, action: { offer: "takeback" } }))
      : players
          .filter((player) => player !== state.offer?.by)
          .map((player) => ({ player, action: { accept: "takeback" } }));
  return [...moves.map((move) => ({ player: mover, action: { move } })), ...offers];
}

test("chess owes nothing", async () => {
  const report = await checkGame(
    chess,
    {
      newGame: (id) => newChessGame(id, players, 600_000),
      legalMoves: legalActions,
      play: (state, { player, action }: Move, atMs) => act(state, player, action, atMs),
      onDue: loseOnTime,
      replay: (state, entry) => apply(state, entry as LogEntry),
    },
    { runs: 10, maxMoves: 30 },
  );
  expect(report.ended).toBeGreaterThan(0);
});

test("moves are taken back by consent alone, until the one who asked is to move", () => {
  const state = play(begin(), "e4", "e5", "Nf3");
  const asked = act(state, "white", { offer: "takeback" }, 0).state;
  expect(asked.moves).toEqual(["e4", "e5", "Nf3"]);
  expect(() => act(asked, "white", { accept: "takeback" }, 0)).toThrow("the opponent accepts");
  expect(() => act(asked, "stranger", { accept: "takeback" }, 0)).toThrow("only players act");
  expect(() => act(asked, "black", { accept: "draw" }, 0)).toThrow("no draw is offered");
  expect(() => act(state, "black", { accept: "takeback" }, 0)).toThrow("no takeback is offered");

  const declined = act(asked, "black", { decline: "takeback" }, 0).state;
  expect(declined).toEqual(state);
  const playedOn = play(asked, "Nc6");
  expect(() => act(playedOn, "black", { accept: "takeback" }, 0)).toThrow("no takeback is offered");

  const back = act(asked, "black", { accept: "takeback" }, 0).state;
  expect(back).toMatchObject({ moves: ["e4", "e5"], fen: play(begin(), "e4", "e5").fen, offer: null });
  expect(back.turn).toBe(state.turn + 1);
  const asksLate = act(playedOn, "white", { offer: "takeback" }, 0).state;
  expect(act(asksLate, "black", { accept: "takeback" }, 0).state.moves).toEqual(["e4", "e5"]);
  expect(() => act(play(begin(), "e4"), "black", { offer: "takeback" }, 0)).toThrow("no move to take back");
});

test("each player's clock runs in that player's turn, and who is out of time loses", () => {
  let state = act(begin(10_000), "white", { move: "e4" }, 5_000).state;
  expect(state.leftMs).toEqual([10_000, 10_000]);
  state = act(state, "black", { move: "e5" }, 9_000).state;
  expect(state.leftMs).toEqual([10_000, 6_000]);
  expect(chess.dueAt(state)).toBe(19_000);
  expect(() => act(state, "black", { timeOver: true }, 18_999)).toThrow("there is time left");
  const late = act(state, "white", { move: "Nf3" }, 19_000).state;
  expect(chess.resultOf(late)).toMatchObject({ endReason: "time", winnerIds: ["black"] });
  expect(chess.dueAt(late)).toBeNull();
  expect(loseOnTime(state)).toEqual(act(state, "black", { resign: true }, 99_000));
  expect(act(state, "white", { move: "Nf3" }, 18_999).state.leftMs).toEqual([1, 6_000]);
});

test("an end that the board shows ends the game", () => {
  const mate = play(begin(), "f3", "e5", "g4", "Qh4#");
  expect(chess.resultOf(mate)).toMatchObject({ endReason: "checkmate", winnerIds: ["black"] });
  expect(() => act(mate, "white", { resign: true }, 0)).toThrow("the game is over");
  const back = ["Nf3", "Nf6", "Ng1", "Ng8"];
  expect(chess.resultOf(play(begin(), ...back, ...back))).toMatchObject({ endReason: "repetition", winnerIds: [] });
  expect(() => play(begin(), "e5")).toThrow("e5 is not legal");
  expect(() => act(begin(), "black", { move: "e5" }, 0)).toThrow("not your turn");
});
