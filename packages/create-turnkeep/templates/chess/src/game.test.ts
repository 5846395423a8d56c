import assert from "node:assert/strict";
import test from "node:test";
import { checkGame } from "@turnkeep/testing";
import { Chess } from "chess.js";
import { game, newGame, rules } from "./game.js";

const players = ["white", "black"];

test("the game keeps what every game owes, however it is played", async () => {
  const report = await checkGame(
    game,
    {
      newGame: (id) => newGame(id, players),
      legalMoves({ fen, moves }) {
        const player = players[moves.length % 2] ?? "";
        return new Chess(fen).moves({ verbose: true }).map(({ lan }) => ({ player, move: lan }));
      },
      play: (state, { player, move }) => rules.apply(state, player, { move }),
      replay: rules.replay,
    },
    { runs: 5, maxMoves: 40 },
  );
  assert.ok(report.moves > 0);
});

test("a checkmate ends the game, and an illegal move is refused", () => {
  const play = (state: ReturnType<typeof newGame>, move: string) =>
    rules.apply(state, players[state.moves.length % 2] ?? "", { move }).state;
  const begun = newGame(crypto.randomUUID(), players);
  assert.throws(() => play(begun, "e2e5"), { code: "IllegalAction" });
  const mate = ["f2f3", "e7e5", "g2g4", "d8h4"].reduce(play, begun);
  assert.deepEqual(game.resultOf(mate), { endReason: "checkmate", winnerIds: ["black"], winnerIsNpc: false });
});
