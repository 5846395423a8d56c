import { randomUUID } from "node:crypto";
import { cardRules, chooseActionFromView, newCardGame, starterDecks } from "@turnkeep/card-rules";
import { type GameState, type GameView, viewFor } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { choose } from "./choose.js";
import { playStyles } from "./play-style.js";

const [one, two] = [randomUUID(), randomUUID()];
const never = () => 0.999;
const always = () => 0;

/** A game in its second turn, as the player who may act sees it. */
function midGame(): GameView {
  let state: GameState = newCardGame({
    gameId: randomUUID(),
    gameType: "freeplay",
    players: [
      { id: one, name: "one", deck: starterDecks.kiln },
      { id: two, name: "two", deck: starterDecks.marsh },
    ],
    seed: "a seed",
  });
  for (;;) {
    const moves = [one, two].flatMap((playerId) => {
      const view = viewFor(state, { playerId });
      const action = chooseActionFromView(view);
      return action === null ? [] : [{ playerId, view, action }];
    });
    const [move] = moves;
    if (move === undefined) throw new Error("nobody may act");
    if (move.view.turnNumber === 2 && move.view.phase === "main") return move.view;
    state = cardRules.apply(state, move.playerId, move.action).state;
  }
}

test("the steady do what is sensible, the peaceful offer a draw, the sleepy do nothing once they sleep", () => {
  const view = midGame();
  expect(choose(view, playStyles.steady, always)).toEqual(chooseActionFromView(view));
  expect(choose(view, playStyles.peaceful, never)).toEqual({ type: "offerDraw" });
  expect(choose(view, { ...playStyles.sleepy, asleepFromTurn: 3 }, never)).toEqual(chooseActionFromView(view));
  expect(choose(view, { ...playStyles.sleepy, asleepFromTurn: 2 }, never)).toBeNull();
});

test("the lively give up once in a while, or do anything but giving up", () => {
  const view = midGame();
  expect(choose(view, playStyles.lively, always)).toEqual({ type: "concede" });
  const draws = [0.5, 0.1, 0.999];
  const whim = choose(view, playStyles.lively, () => draws.shift() ?? 0.5);
  expect(whim).not.toBeNull();
  expect(whim?.type).not.toBe("concede");
});
