import { cardDefinitionSchema } from "@turnkeep/game-state";
import { describe, expect, it } from "vitest";
import { cardActionSchema } from "./card-action.js";
import { cardRules } from "./card-rules.js";
import { cardCatalogue } from "./cards/catalogue.js";
import { starterDecks } from "./cards/decks.js";
import { legalActions } from "./check/legal-actions.js";
import { playOut, randomChooser, testGame } from "./testing/playout.js";
import { scene } from "./testing/scene.js";
import { applyAction } from "./turn/apply-action.js";

describe("the action schema", () => {
  it.each([
    ["a field too many", { type: "draw", cheat: true }],
    ["an unknown action", { type: "win" }],
    ["a missing card", { type: "playCreature" }],
    ["a card id that is none", { type: "playCreature", cardId: "../../etc" }],
    ["a negative attack", { type: "attack", attackIndex: -1 }],
    ["no object", "draw"],
  ])("refuses %s", (_, action) => {
    expect(cardActionSchema.safeParse(action).success).toBe(false);
  });
});

describe("the log", () => {
  it("names who did what when, and what happened, without fields that are undefined", () => {
    const { state, me } = scene({});
    expect(cardRules.apply(state, me, { type: "endTurn", at: undefined }).log).toEqual([
      { turn: 3, playerId: me, action: { type: "endTurn" }, records: [expect.objectContaining({ type: "endTurn" })] },
    ]);
  });

  it("refuses to replay what is no entry", () => {
    const { state, me } = scene({});
    for (const entry of [null, {}, { turn: 3, playerId: me, action: { type: "win" } }]) {
      expect(() => cardRules.replay(state, entry)).toThrow(expect.objectContaining({ code: "InvalidInput" }));
    }
  });
});

describe("legal actions", () => {
  it("are accepted, all of them, and well-formed, in every position of some games", () => {
    for (const seed of ["a", "b", "c"]) {
      playOut(testGame({ seed }), randomChooser(seed), ({ before }) => {
        for (const playerId of before.turnOrder) {
          for (const action of legalActions(before, playerId)) {
            cardActionSchema.parse(action);
            expect(() => applyAction(before, playerId, action)).not.toThrow();
          }
        }
      });
    }
  });

  it("are conceding alone for who has to wait, and nothing after the end", () => {
    const { state, me, you } = scene({});
    expect(legalActions(state, you)).toEqual([{ type: "concede" }]);
    expect(legalActions(state, "npc:stranger")).toEqual([]);
    expect(legalActions(cardRules.apply(state, me, { type: "concede" }).state, me)).toEqual([]);
  });
});

describe("the cards", () => {
  it("of a game are those it was dealt with, whatever the catalogue says by now", () => {
    const { state, me, you } = scene({ energy: ["ember-energy"] }, { active: "slate-warden" });
    const printed = state.cards.ashpaw;
    if (printed?.kind !== "creature") throw new Error("the scene has a creature in front");
    const bites = printed.attacks.map((attack) => ({ ...attack, damage: attack.damage + 40 }));
    const older = { ...state, cards: { ...state.cards, ashpaw: { ...printed, attacks: bites } } };
    const after = applyAction(older, me, { type: "attack", attackIndex: 0 });
    expect(after.players[you]?.active?.damage).toBe(50);
    expect(after.cards).toBe(older.cards);
  });

  it("are well-formed, each with an id of its own", () => {
    for (const card of cardCatalogue) cardDefinitionSchema.parse(card);
    expect(new Set(cardCatalogue.map(({ id }) => id)).size).toBe(cardCatalogue.length);
  });

  it("make up the starter decks, of thirty each", () => {
    const ids = new Set(cardCatalogue.map(({ id }) => id));
    for (const deck of Object.values(starterDecks)) {
      expect(deck).toHaveLength(30);
      for (const id of deck) expect(ids).toContain(id);
    }
  });
});
