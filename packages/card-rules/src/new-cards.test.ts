import { expect, it } from "vitest";
import { deckProblems } from "./check/deck-problems.js";
import { playerIds, testGame } from "./testing/playout.js";
import { act, refusalOf, scene, side } from "./testing/scene.js";

it("a creature evolves with all that lies on it, neither too soon nor onto another kind", () => {
  const { state, me } = scene({
    hand: ["bellowsfang"],
    bench: ["kilnback"],
    energy: ["ember-energy"],
    change: { damage: 20, conditions: ["venomed"] },
  });
  const evolve = { type: "evolve", cardId: "0-hand-0", targetId: "0-active-0" } as const;
  expect(side(act(state, me, evolve), me).active).toMatchObject({
    id: "0-hand-0",
    definitionId: "bellowsfang",
    damage: 20,
    conditions: [],
    under: [{ id: "0-active-0" }],
    energy: [{ id: "0-energy-0" }],
    enteredOnTurn: 3,
  });
  expect(refusalOf({ ...state, turnNumber: 2 }, me, evolve)).toBe("IllegalAction tooSoon");
  expect(refusalOf(state, me, { ...evolve, targetId: "0-bench-0" })).toBe("IllegalAction doesNotEvolve");
  expect(refusalOf(state, me, { type: "playCreature", cardId: "0-hand-0" })).toBe("IllegalAction notBasic");
});

it("tools change attacks, damage and hit points of their wearer, one each, and leave with it", () => {
  const { state, me, you } = scene(
    { hand: ["whetstone", "ration-tin"], energy: ["ember-energy"], change: {} },
    { active: "slate-warden" },
  );
  const worn = act(state, me, { type: "attachTool", cardId: "0-hand-0", targetId: "0-active-0" });
  expect(refusalOf(worn, me, { type: "attachTool", cardId: "0-hand-1", targetId: "0-active-0" })).toBe(
    "IllegalAction hasTool",
  );
  expect(side(act(worn, me, { type: "attack", attackIndex: 0 }), you).active?.damage).toBe(20);
});

it("a stadium lies for both until another comes, and goes to its owner's discard pile", () => {
  const { state, me, you } = scene(
    { hand: ["sunken-mill", "sunken-mill", "dry-moor"], change: { damage: 20 } },
    { change: { damage: 20 } },
  );
  const laid = act(state, me, { type: "playStadium", cardId: "0-hand-0" });
  expect(refusalOf(laid, me, { type: "playStadium", cardId: "0-hand-1" })).toBe("IllegalAction noEffect");
  const passed = act(laid, me, { type: "endTurn" });
  expect([side(passed, me).active?.damage, side(passed, you).active?.damage]).toEqual([10, 10]);
  const replaced = act(laid, me, { type: "playStadium", cardId: "0-hand-2" });
  expect(replaced.stadium?.definitionId).toBe("dry-moor");
  expect(side(replaced, me).discard.map(({ id }) => id)).toEqual(["0-hand-0"]);
});

it("a hand without a creature is shown and dealt again, and the opponent may draw before laying out", () => {
  const deck = ["ashpaw", ...Array.from({ length: 29 }, () => "ember-energy")];
  const players = [
    { id: playerIds.one, name: "One", deck },
    {
      id: playerIds.two,
      name: "Two",
      deck: Array.from({ length: 30 }, (_, card) => (card < 4 ? "ashpaw" : "ember-energy")),
    },
  ] as const;
  const games = Array.from({ length: 20 }, (_, seed) => testGame({ seed: `mulligan-${seed}`, players }));
  const state = games.find(({ forcedActions }) => forcedActions[0]?.playerId === playerIds.two);
  if (state === undefined) throw new Error("no deal of these gives the second player a draw");
  const forced = state.forcedActions[0];
  const count = forced?.type === "mulliganDraw" ? forced.count : 0;
  const shown = state.recentActions.filter(({ type }) => type === "mulligan");
  expect(shown.length).toBeGreaterThan(0);
  for (const { cards, visibleTo } of shown) expect([cards.length, visibleTo]).toEqual([5, "all"]);
  expect(refusalOf(state, playerIds.one, { type: "draw" })).toBe("NotYourTurn");
  expect(refusalOf(state, playerIds.two, { type: "mulliganDraw", count: count + 1 })).toBe(
    "IllegalAction wrongNumberOfCards",
  );
  const drawn = act(state, playerIds.two, { type: "mulliganDraw", count });
  expect(side(drawn, playerIds.two).hand).toHaveLength(5 + count);
  expect(drawn.forcedActions).toEqual([]);
});

it("tells all that is wrong with a deck", () => {
  const deck = [...Array.from({ length: 5 }, () => "whetstone"), "no-such-card"];
  expect(deckProblems(deck)).toEqual([
    { code: "wrongSize", size: 6, wanted: 30 },
    { code: "tooManyCopies", cardId: "whetstone", count: 5, most: 4 },
    { code: "unknownCard", cardId: "no-such-card" },
    { code: "noBasicCreature" },
  ]);
});
