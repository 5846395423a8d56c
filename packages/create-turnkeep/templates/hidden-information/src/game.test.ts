import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "@turnkeep/core/virtual-runtime";
import { checkGame } from "@turnkeep/testing";
import { game, newGame, rules } from "./game.js";

const players = ["ann", "bob"];

test("the game keeps what every game owes, and its views leak nothing", async () => {
  const report = await checkGame(game, {
    newGame: (id, seed) => newGame(id, players, seededRandom(seed)),
    legalMoves: (state) =>
      players
        .filter((player) => !(player in state.chosen))
        .flatMap((player) => (state.hands[player] ?? []).map((card) => ({ player, card }))),
    play: (state, { player, card }) => rules.apply(state, player, { card }),
    replay: rules.replay,
    // Other cards wherever this viewer may not look: the view has to stay the same.
    canaries(state, viewer) {
      const own = viewer === "spectator" ? "" : viewer.playerId;
      const hide = <T>(of: Readonly<Record<string, T>>, hidden: T) =>
        Object.fromEntries(Object.entries(of).map(([player, value]) => [player, player === own ? value : hidden]));
      return { ...state, hands: hide<readonly number[]>(state.hands, [99]), chosen: hide(state.chosen, 99) };
    },
  });
  assert.ok(report.ended > 0);
  assert.deepEqual(report.notChecked, ["deadlines: give onDue"]);
});
