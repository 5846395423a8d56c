import assert from "node:assert/strict";
import test from "node:test";
import { checkGame } from "@turnkeep/testing";
import { game, newGame, playerAt, rules } from "./game.js";

test("the game keeps what every game owes, however it is played", async () => {
  const report = await checkGame(game, {
    newGame: (id) => newGame(id, ["ann", "bob"]),
    legalMoves: (state) => [1, 2, 3].map((take) => ({ player: playerAt(state, state.turn), take })),
    play: (state, { player, take }) => rules.apply(state, player, { take }),
    replay: rules.replay,
  });
  assert.ok(report.ended > 0);
});

test("a player who is not to move, and an action that is none, are refused", () => {
  const state = newGame(crypto.randomUUID(), ["ann", "bob"]);
  assert.throws(() => rules.apply(state, "bob", { take: 1 }), { code: "NotYourTurn" });
  assert.equal(rules.actionSchema.safeParse({ take: 4 }).success, false);
});
