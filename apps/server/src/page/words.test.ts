import { type CardAction, cardRules, newCardGame, starterDecks } from "@turnkeep/card-rules";
import { type GameState, type RecordView, viewFor } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { movesOf } from "../../client/src/board/moves.js";
import { headline, hint } from "../../client/src/board/prompt.js";
import type { Selection } from "../../client/src/board/selection.js";
import { outcomeOf, recordText, resultText } from "../../client/src/common/words.js";

const ada = "00000000-0000-4000-8000-00000000000a";
const bo = "00000000-0000-4000-8000-00000000000b";
const nothingChosen: Selection = {
  ...{ card: null, picked: [], cancel: () => {} },
  useOf: () => ({ use: "none", onUse: () => {} }),
};

function dealt(seed: string): GameState {
  const players = [
    { id: ada, name: "Ada", deck: starterDecks.kiln },
    { id: bo, name: "Bo", deck: starterDecks.marsh },
  ] as const;
  const gameId = "00000000-0000-4000-8000-000000000000";
  return newCardGame({ gameId, gameType: "freeplay", seed, rules: {}, players });
}

test("who lost reads that they lost, who won that they won, and others who of them won", () => {
  const { state } = cardRules.apply(dealt("one"), ada, { type: "concede" } satisfies CardAction);
  const seen = [viewFor(state, { playerId: ada }), viewFor(state, { playerId: bo }), viewFor(state, "spectator")];
  expect(seen.map(resultText)).toEqual(["You lost: by concession", "You won: by concession", "Bo wins: by concession"]);
  expect(seen.map(outcomeOf)).toEqual(["lost", "won", "over"]);
});

test("a creature that falls into a condition is said to be in it, and what that means", () => {
  const view = viewFor(dealt("one"), { playerId: ada });
  const card = { id: "0-1", definitionId: "ashpaw", owner: 0 } as const;
  const record = (amount: number | null): RecordView => ({
    ...{ seq: 1, turn: 1, type: "condition", playerId: ada, cards: [card], cardCount: 1, at: null, amount },
  });
  const { venomDamage } = view.rules;
  expect(recordText(view, record(4))).toMatch(`is venomed: it takes ${venomDamage} damage between turns`);
  expect(recordText(view, record(0))).toMatch(/is dazed: it cannot attack in this turn$/);
  expect(recordText(view, record(null))).toMatch(/is afflicted$/);
});

test("a retreat says what it costs, if anything", () => {
  const view = viewFor(dealt("one"), { playerId: ada });
  const energy = { id: "0-1", definitionId: "ember-energy", owner: 0 } as const;
  const record = (cards: RecordView["cards"]): RecordView => ({
    ...{ seq: 1, turn: 1, type: "retreat", playerId: bo, cards, cardCount: cards.length, at: null, amount: null },
  });
  expect(recordText(view, record([energy]))).toBe("Bo retreats, which costs Ember Energy");
  expect(recordText(view, record([]))).toBe("Bo retreats");
});

test("who may draw more because the other was dealt again reads why; so does who was dealt again", () => {
  const seeds = Array.from({ length: 60 }, (_, index) => dealt(`mulligan ${index}`));
  const state = seeds.find(({ forcedActions }) => forcedActions[0]?.type === "mulliganDraw");
  const mayDraw = state?.forcedActions[0]?.playerId;
  if (state === undefined || mayDraw === undefined) throw new Error("no hand was dealt again");
  const view = viewFor(state, { playerId: mayDraw });
  expect(headline(view, movesOf(view))).toBe("Your move.");
  expect(hint(view, movesOf(view), nothingChosen)).toMatch(
    /^(Ada|Bo) was dealt \d hands? without a creature, so you may draw more cards before you lay out\.$/,
  );
  const drawn = cardRules.apply(state, mayDraw, { type: "mulliganDraw", count: 0 }).state;
  const other = state.turnOrder.find((id) => id !== mayDraw) ?? "";
  const turn = drawn.turnOrder[0] === other ? drawn : cardRules.apply(drawn, mayDraw, layOut(drawn, mayDraw)).state;
  const dealtAgain = viewFor(turn, { playerId: other });
  expect(hint(dealtAgain, movesOf(dealtAgain), nothingChosen)).toMatch(/^You were dealt \d hands? without a creature/);
});

function layOut(state: GameState, playerId: string): CardAction {
  const view = viewFor(state, { playerId });
  const { choice } = movesOf(view);
  if (choice?.kind !== "setUp") throw new Error("nothing is laid out now");
  return { type: "setUp", active: [...choice.creatures][0] ?? "", bench: [] };
}
