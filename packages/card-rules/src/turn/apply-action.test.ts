import { describe, expect, it } from "vitest";
import type { CardAction } from "../card-action.js";
import { playerIds, testGame } from "../testing/playout.js";
import { act, refusalOf, type Scene, scene, side } from "../testing/scene.js";

const endTurn: CardAction = { type: "endTurn" };
const attackWith = (attackIndex: number): CardAction => ({ type: "attack", attackIndex });

describe("who may act", () => {
  it("a stranger never, the other player not in this turn, and nobody after the end", () => {
    const { state, me, you } = scene({});
    expect(refusalOf(state, "npc:stranger", endTurn)).toBe("Forbidden");
    expect(refusalOf(state, "constructor", endTurn)).toBe("Forbidden");
    expect(refusalOf(state, you, endTurn)).toBe("NotYourTurn");
    const ended = act(state, you, { type: "concede" });
    expect(ended.result).toEqual({ winnerId: me, reason: "conceded" });
    for (const action of [endTurn, { type: "concede" } as const]) {
      expect(refusalOf(ended, me, action)).toBe("IllegalAction gameEnded");
    }
  });

  it("while one is forced, that one alone and to nothing else", () => {
    const { state, me, you } = scene(
      { active: "kilnback", energy: ["ember-energy"] },
      { bench: ["rillfin"], change: { damage: 50 } },
    );
    const hit = act(state, me, attackWith(0));
    expect(hit.forcedActions).toEqual([{ type: "promote", playerId: you }]);
    expect(refusalOf(hit, me, endTurn)).toBe("NotYourTurn");
    expect(refusalOf(hit, you, { type: "draw" })).toBe("IllegalAction forcedActionFirst");
    expect(refusalOf(hit, you, { type: "promote", cardId: "1-hand-0" })).toBe("IllegalAction noSuchCreature");
    const after = act(hit, you, { type: "promote", cardId: "1-bench-0" });
    expect(after).toMatchObject({ phase: "draw", currentPlayerId: you, turnNumber: 4, forcedActions: [] });
  });
});

describe("what the rules refuse", () => {
  const full = ["ashpaw", "ashpaw", "ashpaw", "ashpaw"];
  const refusals: [string, Scene, CardAction, string][] = [
    ["drawing twice", scene({}), { type: "draw" }, "wrongPhase"],
    ["setting up again", scene({}), { type: "setUp", active: "0-active-0", bench: [] }, "wrongPhase"],
    ["promoting unforced", scene({}), { type: "promote", cardId: "0-bench-0" }, "notForced"],
    ["discarding unforced", scene({ hand: ["ashpaw"] }), { type: "discard", cardIds: ["0-hand-0"] }, "notForced"],
    [
      "a card of another's hand",
      scene({}, { hand: ["ashpaw"] }),
      { type: "playCreature", cardId: "1-hand-0" },
      "cardNotInHand",
    ],
    [
      "energy as creature",
      scene({ hand: ["ember-energy"] }),
      { type: "playCreature", cardId: "0-hand-0" },
      "wrongKindOfCard",
    ],
    [
      "a fifth on the bench",
      scene({ hand: ["ashpaw"], bench: full }),
      { type: "playCreature", cardId: "0-hand-0" },
      "benchFull",
    ],
    [
      "energy on another's creature",
      scene({ hand: ["ember-energy"] }),
      { type: "attachEnergy", cardId: "0-hand-0", targetId: "1-active-0" },
      "noSuchCreature",
    ],
    ["an attack without energy", scene({}), attackWith(0), "notEnoughEnergy"],
    ["the wrong energy", scene({ active: "kilnback", energy: ["tide-energy"] }), attackWith(0), "notEnoughEnergy"],
    ["an attack that is not printed", scene({ energy: ["ember-energy"] }), attackWith(2), "noSuchAttack"],
    [
      "an attack in the first turn",
      scene({ energy: ["ember-energy"] }, {}, { turnNumber: 1 }),
      attackWith(0),
      "noAttackOnFirstTurn",
    ],
    [
      "an attack in a daze",
      scene({ energy: ["ember-energy"], change: { conditions: ["dazed"] } }),
      attackWith(0),
      "dazed",
    ],
    [
      "a retreat with roots",
      scene({ bench: ["ashpaw"], energy: ["ember-energy"], change: { conditions: ["rooted"] } }),
      { type: "retreat", benchId: "0-bench-0" },
      "rooted",
    ],
    ["an unpaid retreat", scene({ bench: ["ashpaw"] }), { type: "retreat", benchId: "0-bench-0" }, "notEnoughEnergy"],
    [
      "a retreat to nowhere",
      scene({ energy: ["ember-energy"] }),
      { type: "retreat", benchId: "0-bench-0" },
      "noSuchCreature",
    ],
    [
      "drawing from nothing",
      scene({ hand: ["field-notes"], deck: [] }),
      { type: "playTrainer", cardId: "0-hand-0", targetId: null },
      "noEffect",
    ],
    [
      "healing nobody",
      scene({ hand: ["herb-poultice"] }),
      { type: "playTrainer", cardId: "0-hand-0", targetId: null },
      "targetMissing",
    ],
    [
      "healing the sound",
      scene({ hand: ["herb-poultice"] }),
      { type: "playTrainer", cardId: "0-hand-0", targetId: "0-active-0" },
      "noEffect",
    ],
    [
      "healing the enemy",
      scene({ hand: ["herb-poultice"] }),
      { type: "playTrainer", cardId: "0-hand-0", targetId: "1-active-0" },
      "noSuchCreature",
    ],
    [
      "aiming what has no aim",
      scene({ hand: ["field-notes"] }),
      { type: "playTrainer", cardId: "0-hand-0", targetId: "0-active-0" },
      "targetNotWanted",
    ],
  ];
  it.each(refusals)("%s", (_, { state, me }, action, reason) => {
    expect(refusalOf(state, me, action)).toBe(`IllegalAction ${reason}`);
  });

  it("a second energy, supporter or retreat in one turn", () => {
    const { state, me } = scene({
      hand: ["ember-energy", "ember-energy", "quartermaster", "quartermaster"],
      bench: ["ashpaw"],
      energy: ["ember-energy", "ember-energy"],
      deck: Array.from({ length: 9 }, () => "stone-energy"),
    });
    const twice: [CardAction, CardAction][] = [
      [
        { type: "attachEnergy", cardId: "0-hand-0", targetId: "0-active-0" },
        { type: "attachEnergy", cardId: "0-hand-1", targetId: "0-bench-0" },
      ],
      [
        { type: "playTrainer", cardId: "0-hand-2", targetId: null },
        { type: "playTrainer", cardId: "0-hand-3", targetId: null },
      ],
      [
        { type: "retreat", benchId: "0-bench-0" },
        { type: "retreat", benchId: "0-active-0" },
      ],
    ];
    for (const [first, second] of twice) {
      expect(refusalOf(act(state, me, first), me, second)).toBe("IllegalAction onceATurn");
    }
  });

  it("leaves the state alone, whatever happens", () => {
    const { state, me } = scene({ hand: ["ember-energy"] });
    const bytes = JSON.stringify(state);
    refusalOf(state, me, attackWith(0));
    act(state, me, { type: "attachEnergy", cardId: "0-hand-0", targetId: "0-active-0" });
    expect(JSON.stringify(state)).toBe(bytes);
  });
});

describe("set-up", () => {
  it("lets one after the other lay out, then begins the first turn", () => {
    const dealt = testGame();
    const [first, second] = dealt.turnOrder;
    const creatureOf = (playerId: string) =>
      side(dealt, playerId).hand.find(({ definitionId }) => dealt.cards[definitionId]?.kind === "creature")?.id ?? "";
    expect(refusalOf(dealt, second, { type: "setUp", active: creatureOf(second), bench: [] })).toBe("NotYourTurn");
    const twice = [creatureOf(first)];
    expect(refusalOf(dealt, first, { type: "setUp", active: creatureOf(first), bench: twice })).toBe(
      "IllegalAction sameCardTwice",
    );
    const half = act(dealt, first, { type: "setUp", active: creatureOf(first), bench: [] });
    expect(half).toMatchObject({ phase: "setup", turnNumber: 0, currentPlayerId: second });
    const done = act(half, second, { type: "setUp", active: creatureOf(second), bench: [], at: 1_700_000_000_000 });
    expect(done).toMatchObject({ phase: "draw", turnNumber: 1, currentPlayerId: first });
    expect(done.recentActions.map(({ at }) => at)).toEqual([null, 1_700_000_000_000]);
  });

  it("deals hands with a creature, and prizes, to both", () => {
    for (let seed = 0; seed < 50; seed++) {
      const dealt = testGame({ seed: `deal-${seed}` });
      for (const { hand, prizes, deck } of Object.values(dealt.players)) {
        expect([hand.length, prizes.length, deck.length]).toEqual([5, 3, 22]);
        expect(hand.some(({ definitionId }) => dealt.cards[definitionId]?.kind === "creature")).toBe(true);
      }
    }
  });

  it("refuses decks against the rules", () => {
    const deck = [...Array.from({ length: 5 }, () => "ashpaw"), ...Array.from({ length: 25 }, () => "ember-energy")];
    const game = (list: readonly string[]) => () =>
      testGame({
        players: [
          { id: playerIds.one, name: "One", deck: list },
          { id: playerIds.two, name: "Two", deck: list },
        ],
      });
    expect(game(deck)).toThrow("at most 4");
    expect(game(deck.map(() => "ember-energy"))).toThrow("at least one creature");
    expect(() => testGame({ rules: { openingHandSize: 20, prizeCount: 10 } })).toThrow("larger than");
  });
});

describe("moves", () => {
  it("draw takes the top of the deck; an empty deck loses", () => {
    const { state, me, you } = scene({ deck: ["ashpaw", "kilnback"] }, {}, { phase: "draw" });
    const after = act(state, me, { type: "draw" });
    expect(side(after, me).hand.map(({ id }) => id)).toEqual(["0-deck-1"]);
    expect(after.phase).toBe("main");
    const empty = scene({ deck: [] }, {}, { phase: "draw" });
    expect(act(empty.state, me, { type: "draw" }).result).toEqual({ winnerId: you, reason: "deckEmpty" });
  });

  it("a creature comes to the bench, an energy onto a creature", () => {
    const { state, me } = scene({ hand: ["kilnback", "ember-energy"] });
    const played = act(state, me, { type: "playCreature", cardId: "0-hand-0" });
    const attached = act(played, me, { type: "attachEnergy", cardId: "0-hand-1", targetId: "0-hand-0" });
    expect(side(attached, me)).toMatchObject({ hand: [], bench: [{ id: "0-hand-0", enteredOnTurn: 3 }] });
    expect(side(attached, me).bench[0]?.energy.map(({ id }) => id)).toEqual(["0-hand-1"]);
  });

  it("trainers heal, switch and draw as their text says", () => {
    const { state, me } = scene({
      hand: ["herb-poultice", "signal-whistle", "quartermaster"],
      bench: ["kilnback"],
      change: { damage: 20, conditions: ["venomed"] },
    });
    const healed = act(state, me, { type: "playTrainer", cardId: "0-hand-0", targetId: "0-active-0" });
    expect(side(healed, me).active?.damage).toBe(0);
    const switched = act(healed, me, { type: "playTrainer", cardId: "0-hand-1", targetId: "0-bench-0" });
    expect(side(switched, me)).toMatchObject({ active: { id: "0-bench-0" }, bench: [{ conditions: [] }] });
    const drawn = act(switched, me, { type: "playTrainer", cardId: "0-hand-2", targetId: null });
    expect(side(drawn, me)).toMatchObject({ hand: { length: 3 }, deck: [], discard: { length: 3 } });
  });

  it("a retreat pays with the newest energies", () => {
    const { state, me } = scene({ bench: ["kilnback"], energy: ["ember-energy", "stone-energy"] });
    const after = act(state, me, { type: "retreat", benchId: "0-bench-0" });
    expect(side(after, me).active?.id).toBe("0-bench-0");
    expect(side(after, me).discard.map(({ id }) => id)).toEqual(["0-energy-1"]);
  });
});

describe("attacks", () => {
  it("do their damage, twice that to the weak, and end the turn", () => {
    const sound = scene({ energy: ["ember-energy"] }, { active: "slate-warden" });
    const after = act(sound.state, sound.me, attackWith(0));
    expect(side(after, sound.you).active?.damage).toBe(10);
    expect(after).toMatchObject({ turnNumber: 4, phase: "draw", currentPlayerId: sound.you });
    const weak = scene({ energy: ["ember-energy"] }, { active: "bough-giant" });
    expect(side(act(weak.state, weak.me, attackWith(0)), weak.you).active?.damage).toBe(20);
  });

  it("flip coins from the state's own random numbers", () => {
    const damages = new Set<number>();
    for (let seed = 0; seed < 12; seed++) {
      const { random } = testGame({ seed: `coin-${seed}` });
      const { state, me, you } = scene(
        { energy: ["ember-energy", "ember-energy"] },
        { active: "slate-warden" },
        { random },
      );
      const after = act(state, me, attackWith(1));
      expect(after.random).not.toEqual(random);
      damages.add(side(after, you).active?.damage ?? -1);
    }
    expect(damages).toEqual(new Set([20, 40]));
  });

  it("hurt the bench, the attacker, and lay conditions", () => {
    const slide = scene(
      { active: "gravel-ram", energy: ["stone-energy", "stone-energy"] },
      { bench: ["rillfin", "mosskit"] },
    );
    expect(side(act(slide.state, slide.me, attackWith(1)), slide.you).bench.map(({ damage }) => damage)).toEqual([
      10, 10,
    ]);
    const roll = scene(
      { active: "kilnback", energy: ["ember-energy", "ember-energy", "stone-energy"] },
      { active: "slate-warden" },
    );
    expect(side(act(roll.state, roll.me, attackWith(1)), roll.me).active?.damage).toBe(10);
    const burr = scene({ active: "mosskit", energy: ["grove-energy"] }, { active: "kilnback" });
    expect(side(act(burr.state, burr.me, attackWith(0)), burr.you).active).toMatchObject({
      damage: 20,
      conditions: ["venomed"],
    });
  });

  it("that knock out give prizes, and the discard pile all that lay on the creature", () => {
    const { state, me, you } = scene(
      { active: "kilnback", energy: ["ember-energy"] },
      { active: "bough-giant", bench: ["rillfin"], energy: ["grove-energy"], change: { damage: 100 } },
    );
    const after = act(state, me, attackWith(0));
    expect(side(after, me)).toMatchObject({ prizes: { length: 1 }, hand: { length: 2 } });
    expect(side(after, you).discard.map(({ id }) => id)).toEqual(["1-active-0", "1-energy-0"]);
  });

  it("win by the last prize, by the last creature, and tie if both sides win alike", () => {
    const energy = ["ember-energy", "ember-energy", "stone-energy"];
    const mine = { active: "kilnback", energy };
    const last = scene({ ...mine, prizes: ["ashpaw"] }, { bench: ["rillfin"], change: { damage: 50 } });
    expect(act(last.state, last.me, attackWith(0)).result).toEqual({ winnerId: last.me, reason: "prizesTaken" });
    const alone = scene(mine, { change: { damage: 50 } });
    expect(act(alone.state, alone.me, attackWith(0)).result).toEqual({ winnerId: alone.me, reason: "noCreaturesLeft" });
    const both = scene({ ...mine, change: { damage: 80 } }, { change: { damage: 50 } });
    expect(act(both.state, both.me, attackWith(1))).toMatchObject({
      phase: "ended",
      forcedActions: [],
      result: { winnerId: null, reason: "tied" },
    });
  });
});

describe("the end of a turn", () => {
  it("venom hurts both, daze and roots leave the one whose turn it was", () => {
    const conditions = ["dazed", "rooted", "venomed"] as const;
    const { state, me, you } = scene({ change: { conditions } }, { change: { conditions } });
    const after = act(state, me, endTurn);
    expect(side(after, me).active).toMatchObject({ damage: 10, conditions: ["venomed"] });
    expect(side(after, you).active).toMatchObject({ damage: 10, conditions });
  });

  it("venom that knocks out between turns asks for a promotion, and hurts once", () => {
    const { state, me, you } = scene({ bench: ["kilnback"], change: { damage: 50, conditions: ["venomed"] } });
    const hurt = act(state, me, endTurn);
    expect(hurt).toMatchObject({ phase: "betweenTurns", forcedActions: [{ type: "promote", playerId: me }] });
    expect(side(hurt, you).prizes).toHaveLength(2);
    const after = act(hurt, me, { type: "promote", cardId: "0-bench-0" });
    expect(after).toMatchObject({ phase: "draw", turnNumber: 4, currentPlayerId: you });
    expect(side(after, me).active?.damage).toBe(0);
  });

  it("a hand over the limit is discarded down to it, exactly", () => {
    const hand = Array.from({ length: 10 }, () => "ember-energy");
    const { state, me } = scene({ hand });
    const waiting = act(state, me, endTurn);
    expect(waiting).toMatchObject({ phase: "attack", turnNumber: 3, forcedActions: [{ type: "discard", count: 2 }] });
    const discard = (...cardIds: string[]): CardAction => ({ type: "discard", cardIds });
    expect(refusalOf(waiting, me, discard("0-hand-0"))).toBe("IllegalAction wrongNumberOfCards");
    expect(refusalOf(waiting, me, discard("0-hand-0", "0-hand-0"))).toBe("IllegalAction sameCardTwice");
    expect(refusalOf(waiting, me, discard("0-hand-0", "0-deck-0"))).toBe("IllegalAction cardNotInHand");
    const after = act(waiting, me, discard("0-hand-0", "0-hand-9"));
    expect(side(after, me)).toMatchObject({ hand: { length: 8 }, discard: { length: 2 } });
    expect(after.turnNumber).toBe(4);
  });

  it("the last turn decides by prizes, or by none", () => {
    const limit = { rules: { ...testGame().rules, turnLimit: 3 } };
    const ahead = scene({ prizes: ["ashpaw"] }, {}, limit);
    expect(act(ahead.state, ahead.me, endTurn).result).toEqual({ winnerId: ahead.me, reason: "turnLimitReached" });
    const behind = scene({}, { prizes: ["ashpaw"] }, limit);
    expect(act(behind.state, behind.me, endTurn).result).toEqual({ winnerId: behind.you, reason: "turnLimitReached" });
    const even = scene({}, {}, limit);
    expect(act(even.state, even.me, endTurn).result).toEqual({ winnerId: null, reason: "tied" });
  });
});
