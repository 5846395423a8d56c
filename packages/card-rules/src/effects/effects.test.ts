import type { GameState } from "@turnkeep/game-state";
import { describe, expect, it } from "vitest";
import type { CardAction } from "../card-action.js";
import { testGame } from "../testing/playout.js";
import { act, refusalOf, type Side, scene, side } from "../testing/scene.js";

const play = (targetId: string | null = null): CardAction => ({ type: "playTrainer", cardId: "0-hand-0", targetId });
const energies = (count: number) => Array.from({ length: count }, () => "ember-energy");
const idsOf = (cards: readonly { readonly id: string }[]) => cards.map(({ id }) => id);
const newest = (state: GameState, type: string) => state.recentActions.findLast((made) => made.type === type);

/** The state with these cards in the player's discard pile, named `0-discard-<index>`, the newest last. */
function discarded(state: GameState, playerId: string, definitions: readonly string[]): GameState {
  const discard = definitions.map((definitionId, index) => ({ id: `0-discard-${index}`, definitionId, owner: 0 }));
  return { ...state, players: { ...state.players, [playerId]: { ...side(state, playerId), discard } } };
}

/** One scene for each of some random numbers: what came of it, and whether the coin showed heads. */
function coins(mine: Side, yours: Side, action: CardAction) {
  return Array.from({ length: 12 }, (_, seed) => {
    const { random } = testGame({ seed: `coin-${seed}` });
    const { state, me, you } = scene(mine, yours, { random });
    const after = act(state, me, action);
    return { me: side(after, me), you: side(after, you), heads: newest(after, "coinFlip")?.amount === 1 };
  });
}

describe("hand and deck", () => {
  it("a search finds the topmost of its kind, shows it to all, and shuffles", () => {
    const { state, me } = scene({ hand: ["scout-report"], deck: ["ashpaw", "rillfin", ...energies(8)] });
    const after = act(state, me, play());
    expect(idsOf(side(after, me).hand)).toEqual(["0-deck-1"]);
    expect(newest(after, "search")).toMatchObject({ visibleTo: "all", cards: [{ id: "0-deck-1" }] });
    const rest = idsOf(side(state, me).deck).filter((id) => id !== "0-deck-1");
    expect(idsOf(side(after, me).deck).sort()).toEqual([...rest].sort());
    expect(idsOf(side(after, me).deck)).not.toEqual(rest);
  });

  it("a hand is renewed from the deck that it was shuffled into", () => {
    const { state, me } = scene({ hand: ["new-recruits", "ashpaw", "rillfin"], deck: energies(10) });
    const after = side(act(state, me, play()), me);
    expect([after.hand.length, after.deck.length]).toEqual([5, 7]);
    const all = [...side(state, me).deck, ...side(state, me).hand];
    expect(idsOf([...after.hand, ...after.deck, ...after.discard]).sort()).toEqual(idsOf(all).sort());
    expect(idsOf(after.deck)).not.toEqual(idsOf(side(state, me).deck).slice(0, 7));
  });

  it("the newest energies come back to the hand, or onto the chosen creature", () => {
    const pile = ["tide-energy", "ember-energy", "stone-energy", "ashpaw"];
    const satchel = scene({ hand: ["lost-satchel"] });
    const back = act(discarded(satchel.state, satchel.me, pile), satchel.me, play());
    expect(idsOf(side(back, satchel.me).hand)).toEqual(["0-discard-2", "0-discard-1"]);
    const song = scene({ hand: ["bonfire-song"], bench: ["kilnback"] });
    const lit = act(discarded(song.state, song.me, pile), song.me, play("0-bench-0"));
    expect(side(lit, song.me).bench.map(({ energy }) => idsOf(energy))).toEqual([["0-discard-2"]]);
  });

  it("what is drawn, and prizes that are taken, are shown to their player alone", () => {
    const { state, me } = scene({ hand: ["field-notes", "field-notes"] });
    const drawn = act(state, me, play());
    expect(newest(drawn, "draw")).toMatchObject({ visibleTo: "player", cards: [{ id: "0-deck-2" }] });
    expect(refusalOf(drawn, me, { type: "playTrainer", cardId: "0-hand-1", targetId: null })).toBe("accepted");
    const strike = scene({ active: "kilnback", energy: energies(1) }, { bench: ["ashpaw"], change: { damage: 50 } });
    const struck = act(strike.state, strike.me, { type: "attack", attackIndex: 0 });
    expect(newest(struck, "takePrizes")).toMatchObject({ visibleTo: "player", cards: [{ id: "0-prize-2" }] });
  });
});

describe("on creatures", () => {
  it("all of one's own are healed, none beyond its damage; the one in front is cured", () => {
    const hurt = scene({ hand: ["field-hospital"], bench: ["kilnback"], change: { damage: 10 } });
    const bench = side(hurt.state, hurt.me).bench.map((creature) => ({ ...creature, damage: 50 }));
    const players = { ...hurt.state.players, [hurt.me]: { ...side(hurt.state, hurt.me), bench } };
    const healed = side(act({ ...hurt.state, players }, hurt.me, play()), hurt.me);
    expect([healed.active?.damage, healed.bench[0]?.damage]).toEqual([0, 30]);
    const ill = scene({ hand: ["smelling-salts"], change: { conditions: ["dazed", "venomed"] } });
    expect(side(act(ill.state, ill.me, play()), ill.me).active?.conditions).toEqual([]);
  });

  it("the opponent's creature is dragged out, and loses energy, the newest first", () => {
    const pole = scene({ hand: ["grappling-pole"], bench: ["kilnback"] }, { bench: ["rillfin", "mosskit"] });
    const dragged = act(pole.state, pole.me, play("1-bench-1"));
    expect([side(dragged, pole.me).active?.id, side(dragged, pole.you).active?.id]).toEqual([
      "0-active-0",
      "1-bench-1",
    ]);
    const thief = scene({ hand: ["sticky-fingers"], energy: energies(2) }, { energy: energies(2) });
    const robbed = act(thief.state, thief.me, play());
    expect(idsOf(side(robbed, thief.you).active?.energy ?? [])).toEqual(["1-energy-0"]);
    expect(side(robbed, thief.me).active?.energy).toHaveLength(2);
  });

  it("an attack may cost its own energies", () => {
    const storm = ["storm-energy", "storm-energy", "storm-energy"];
    const { state, me } = scene({ active: "steeple-drake", energy: storm }, { active: "scree-bull" });
    const after = act(state, me, { type: "attack", attackIndex: 1 });
    expect(idsOf(side(after, me).active?.energy ?? [])).toEqual(["0-energy-0"]);
  });

  it("attacks grow with energies, and on who is hurt", () => {
    const candles = scene({ active: "chandlerjaw", energy: energies(3) }, { active: "slate-warden" });
    const burnt = act(candles.state, candles.me, { type: "attack", attackIndex: 0 });
    expect(side(burnt, candles.you).active?.damage).toBe(50);
    const marten = { active: "bramble-marten", energy: ["grove-energy", "grove-energy"] };
    for (const [before, after] of [
      [0, 30],
      [10, 70],
    ] as const) {
      const { state, me, you } = scene(marten, { active: "kilnback", change: { damage: before } });
      expect(side(act(state, me, { type: "attack", attackIndex: 1 }), you).active?.damage).toBe(after);
    }
  });

  it("a condition comes with heads alone, and never to who is warded from it", () => {
    const outcomes = coins({ hand: ["lullaby-box"] }, {}, play());
    for (const { you, heads } of outcomes) expect(you.active?.conditions).toEqual(heads ? ["drowsy"] : []);
    expect(new Set(outcomes.map(({ heads }) => heads)).size).toBe(2);
    const tools = [{ id: "1-tool-0", definitionId: "garlic-collar", owner: 1 }];
    const burr = scene({ active: "mosskit", energy: ["grove-energy"] }, { active: "kilnback", change: { tools } });
    const after = act(burr.state, burr.me, { type: "attack", attackIndex: 0 });
    expect(side(after, burr.you).active).toMatchObject({ conditions: [], damage: 10 });
  });

  it("between turns scorching hurts and drowsiness lasts, until a coin shows heads", () => {
    const scorched = coins({ change: { conditions: ["scorched"] } }, {}, { type: "endTurn" });
    for (const { me, heads } of scorched) {
      expect(me.active).toMatchObject({ damage: 20, conditions: heads ? [] : ["scorched"] });
    }
    const drowsy = coins({ change: { conditions: ["drowsy"] } }, {}, { type: "endTurn" });
    for (const { me, heads } of drowsy) {
      expect(me.active).toMatchObject({ damage: 0, conditions: heads ? [] : ["drowsy"] });
    }
    for (const flips of [scorched, drowsy]) expect(new Set(flips.map(({ heads }) => heads)).size).toBe(2);
  });
});
