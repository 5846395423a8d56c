import type { GameState } from "@turnkeep/game-state";
import { describe, expect, it } from "vitest";
import type { CardAction } from "../card-action.js";
import { starterDecks } from "../cards/decks.js";
import { chooseAction } from "../choose-action.js";
import { playerIds, playOut, randomChooser, testGame } from "../testing/playout.js";
import { act, type Scene, type Side, scene, side } from "../testing/scene.js";

const longDeck = Array.from({ length: 12 }, () => "ember-energy");
const chosen = (mine: Side, yours: Side = {}, change: Partial<GameState> = {}) => {
  const { state, me } = scene(mine, yours, change);
  return chooseAction(state, me);
};

/** All that the NPC does in this turn, until another player has to act or the game is over. */
function turnOf({ state, me }: Scene): { actions: readonly CardAction[]; after: GameState } {
  const actions: CardAction[] = [];
  let after = state;
  for (let action = chooseAction(after, me); action !== null; action = chooseAction(after, me)) {
    actions.push(action);
    after = act(after, me, action);
  }
  return { actions, after };
}

describe("energy goes where it is of use", () => {
  it("to the one that can attack with it, not to one of another element", () => {
    const mine = {
      hand: ["stone-energy"],
      active: "kilnback",
      energy: ["ember-energy", "ember-energy"],
      bench: ["ashpaw"],
    };
    expect(chosen(mine, { active: "slate-warden" })).toEqual({
      type: "attachEnergy",
      cardId: "0-hand-0",
      targetId: "0-active-0",
    });
    const sated = {
      hand: ["stone-energy"],
      active: "mosskit",
      energy: ["grove-energy", "grove-energy"],
      bench: ["gravel-ram"],
    };
    expect(chosen(sated)).toEqual({ type: "attachEnergy", cardId: "0-hand-0", targetId: "0-bench-0" });
  });

  it("not at all where no creature gains by it", () => {
    const { actions } = turnOf(scene({ hand: ["stone-energy"], energy: ["ember-energy", "ember-energy"] }));
    expect(actions.map(({ type }) => type)).toEqual(["attack"]);
  });

  it("to the one whose next form, held in hand, asks for it", () => {
    const mine = { hand: ["ember-energy", "bellowsfang"], energy: ["ember-energy", "ember-energy"] };
    // Too soon to evolve.
    expect(chosen({ ...mine, change: { enteredOnTurn: 3 } })).toMatchObject({
      type: "attachEnergy",
      cardId: "0-hand-0",
    });
  });

  it("away from a creature that is about to fall, unless it strikes first", () => {
    const strong = { active: "kilnback", energy: ["ember-energy", "ember-energy", "ember-energy"] };
    const mine = { hand: ["tide-energy"], active: "lock-heron", bench: ["lock-heron"], change: { damage: 60 } };
    expect(chosen(mine, strong)).toMatchObject({ type: "attachEnergy", targetId: "0-bench-0" });
    expect(chosen(mine, { ...strong, change: { damage: 80 } })).toMatchObject({
      type: "attachEnergy",
      targetId: "0-active-0",
    });
  });
});

describe("before it attacks", () => {
  it("evolves, then fills the bench, plays trainers, attaches energy and tool, in this order", () => {
    const mine = {
      hand: ["whetstone", "ember-energy", "quartermaster", "kilnback", "bellowsfang"],
      energy: ["ember-energy"],
      deck: longDeck,
    };
    const types = turnOf(scene(mine, { active: "slate-warden" })).actions.map(({ type }) => type);
    expect(types).toEqual(["evolve", "playCreature", "playTrainer", "attachEnergy", "attachTool", "attack"]);
  });

  it("lays the stadium that helps its own side, and not the one that helps the other", () => {
    expect(chosen({ hand: ["dry-moor"] }, { active: "mosskit" })).toMatchObject({ type: "playStadium" });
    const { actions } = turnOf(scene({ hand: ["dry-moor"], active: "mosskit" }, { active: "ashpaw" }));
    expect(actions.map(({ type }) => type)).not.toContain("playStadium");
  });

  it("heals what is hurt, and keeps the card while a scratch is all there is", () => {
    const mine = { hand: ["herb-poultice"], bench: ["kilnback"] };
    expect(chosen({ ...mine, change: { damage: 30 } })).toMatchObject({ type: "playTrainer", targetId: "0-active-0" });
    expect(chosen({ ...mine, change: { damage: 10 } })).toEqual({ type: "endTurn" });
  });
});

describe("in danger", () => {
  const strong = { active: "kilnback", energy: ["ember-energy", "ember-energy", "ember-energy"] };

  it("calls back the creature that would fall, for one that stands", () => {
    const hurt = { bench: ["slate-warden"], energy: ["ember-energy"], change: { damage: 50 } };
    const { actions, after } = turnOf(scene(hurt, strong));
    expect(actions[0]).toEqual({ type: "retreat", benchId: "0-bench-0" });
    expect(after.result).toBeNull();
  });

  it("stays where it is not, and where its attack wins a prize", () => {
    const mine = { bench: ["slate-warden"], energy: ["ember-energy"] };
    expect(chosen(mine, { active: "rillfin" })).toEqual({ type: "attack", attackIndex: 0 });
    const winning = { ...mine, change: { damage: 50 } };
    expect(chosen(winning, { ...strong, bench: ["rillfin"], change: { damage: 80 } })).toEqual({
      type: "attack",
      attackIndex: 0,
    });
  });

  it("does not strike so that it falls itself, where that loses", () => {
    const mine = { active: "kilnback", energy: strong.energy, change: { damage: 80 } };
    expect(chosen(mine, { active: "slate-warden" })).toEqual({ type: "attack", attackIndex: 0 });
  });
});

describe("what wins", () => {
  it("is done: the last prize is taken by the attack that takes it without harm", () => {
    const mine = { active: "kilnback", energy: ["ember-energy", "ember-energy", "ember-energy"], prizes: ["ashpaw"] };
    const { actions, after } = turnOf(scene(mine, { bench: ["mosskit"], change: { damage: 40 } }));
    expect(actions).toEqual([{ type: "attack", attackIndex: 0 }]);
    expect(after.result).toMatchObject({ reason: "prizesTaken" });
  });

  it("is done with the energy that it takes", () => {
    const mine = { hand: ["ember-energy"], bench: ["kilnback"], prizes: ["ashpaw"] };
    const { actions, after } = turnOf(scene(mine, { bench: ["mosskit"], change: { damage: 50 } }));
    expect(actions.map(({ type }) => type)).toEqual(["attachEnergy", "attack"]);
    expect(after.result).toMatchObject({ reason: "prizesTaken" });
  });

  it("is done on any creature that can be dragged out for it", () => {
    const mine = { hand: ["grappling-pole"], active: "kilnback", energy: ["ember-energy"], prizes: ["ashpaw"] };
    const { state, me } = scene(mine, { active: "slate-warden", bench: ["mosskit", "rillfin"] });
    const you = state.turnOrder[1];
    const [first, ...rest] = side(state, you).bench;
    if (first === undefined) throw new Error("the scene has a bench");
    const bench = [{ ...first, damage: 30 }, ...rest];
    const { actions, after } = turnOf({
      state: { ...state, players: { ...state.players, [you]: { ...side(state, you), bench } } },
      me,
      you,
    });
    expect(actions.map(({ type }) => type)).toEqual(["playTrainer", "attack"]);
    expect(after.result).toMatchObject({ winnerId: me, reason: "prizesTaken" });
  });
});

describe("the deck", () => {
  it("is not drawn empty: no card and no attack takes what the turns to come need", () => {
    const mine = { hand: ["quartermaster", "scout-report"], deck: longDeck.slice(0, 6) };
    expect(chosen(mine)).toEqual({ type: "endTurn" });
    const heron = { active: "lock-heron", energy: ["tide-energy"], deck: longDeck.slice(0, 2) };
    expect(chosen(heron, { active: "slate-warden" })).toEqual({ type: "endTurn" });
    expect(chosen({ ...heron, deck: longDeck }, { active: "slate-warden" })).toMatchObject({ type: "attack" });
  });

  it("gets a large hand back when it runs out", () => {
    const hand = ["new-recruits", ...Array.from({ length: 7 }, () => "tide-energy")];
    const energy = ["ember-energy", "ember-energy"];
    expect(chosen({ hand, energy, deck: ["ember-energy"] })).toMatchObject({ type: "playTrainer" });
    expect(chosen({ hand, energy, deck: longDeck })).toMatchObject({ type: "attack" });
  });
});

it("beats chance in nine games of ten, with either deck", () => {
  const won = Array.from({ length: 40 }, (_, index) => {
    const seed = `npc-${index}`;
    const [mine, yours] = index % 2 === 0 ? (["kiln", "marsh"] as const) : (["marsh", "kiln"] as const);
    const chance = randomChooser(seed);
    const players = [
      { id: playerIds.one, name: "One", deck: starterDecks[mine] },
      { id: playerIds.two, name: "Two", deck: starterDecks[yours] },
    ] as const;
    const { final } = playOut(testGame({ seed, players }), (state, playerId) =>
      playerId === playerIds.one ? chooseAction(state, playerId) : chance(state, playerId),
    );
    return final.result?.winnerId;
  }).filter((winnerId) => winnerId === playerIds.one);
  expect(won.length).toBeGreaterThanOrEqual(36);
});
