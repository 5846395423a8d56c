import { TurnkeepError } from "@turnkeep/game-state";
import { expect, it } from "vitest";
import type { CardAction } from "../card-action.js";
import { testGame } from "../testing/playout.js";
import { act, type Side, scene, side } from "../testing/scene.js";
import { type IllegalReason, illegalReasons } from "./illegal-reason.js";

const played = (action: CardAction, mine: Side = {}, change: Parameters<typeof scene>[2] = {}) => {
  const { state, me } = scene(mine, {}, change);
  return () => act(state, me, action);
};

const afterwards = (first: CardAction, then: CardAction, mine: Side = {}) => {
  const { state, me } = scene(mine);
  const begun = act(state, me, first);
  return () => act(begun, me, then);
};

const toActive = { targetId: "0-active-0", cardId: "0-hand-0" } as const;
const attack: CardAction = { type: "attack", attackIndex: 0 };
const retreat: CardAction = { type: "retreat", benchId: "0-bench-0" };
const trainer = (targetId: string | null): CardAction => ({ type: "playTrainer", cardId: "0-hand-0", targetId });
const tooMany = Array.from({ length: 9 }, () => "ember-energy");

/** For each reason an action that is refused for it; a reason without one does not compile. */
const refused: Record<IllegalReason, () => unknown> = {
  gameEnded: afterwards({ type: "concede" }, { type: "endTurn" }),
  wrongPhase: played({ type: "draw" }),
  forcedActionFirst: afterwards({ type: "endTurn" }, { type: "endTurn" }, { hand: tooMany }),
  notForced: played({ type: "promote", cardId: "0-active-0" }),
  cardNotInHand: played({ type: "playCreature", cardId: "0-deck-0" }),
  wrongKindOfCard: played({ type: "playStadium", cardId: "0-hand-0" }, { hand: ["ashpaw"] }),
  sameCardTwice: () => {
    const dealt = testGame();
    const [me] = dealt.turnOrder;
    const active = side(dealt, me).hand[0]?.id ?? "";
    return act(dealt, me, { type: "setUp", active, bench: [active] });
  },
  benchFull: played(
    { type: "playCreature", cardId: "0-hand-0" },
    { hand: ["ashpaw"], bench: ["ashpaw", "ashpaw", "ashpaw", "ashpaw"] },
  ),
  noSuchCreature: played({ type: "attachEnergy", ...toActive, targetId: "1-active-0" }, { hand: ["ember-energy"] }),
  notBasic: played({ type: "playCreature", cardId: "0-hand-0" }, { hand: ["bellowsfang"] }),
  doesNotEvolve: played({ type: "evolve", ...toActive }, { hand: ["scree-bull"] }),
  tooSoon: played({ type: "evolve", ...toActive }, { hand: ["bellowsfang"], change: { enteredOnTurn: 3 } }),
  hasTool: afterwards(
    { type: "attachTool", ...toActive },
    { type: "attachTool", ...toActive, cardId: "0-hand-1" },
    {
      hand: ["whetstone", "whetstone"],
    },
  ),
  onceATurn: afterwards({ type: "offerDraw" }, { type: "offerDraw" }),
  targetMissing: played(trainer(null), { hand: ["herb-poultice"] }),
  targetNotWanted: played(trainer("0-active-0"), { hand: ["field-notes"] }),
  noEffect: played(trainer("0-active-0"), { hand: ["herb-poultice"] }),
  noSuchAttack: played({ type: "attack", attackIndex: 3 }, { energy: ["ember-energy"] }),
  notEnoughEnergy: played(attack),
  noAttackOnFirstTurn: played(attack, { energy: ["ember-energy"] }, { turnNumber: 1 }),
  dazed: played(attack, { energy: ["ember-energy"], change: { conditions: ["dazed"] } }),
  drowsy: played(attack, { energy: ["ember-energy"], change: { conditions: ["drowsy"] } }),
  rooted: played(retreat, { bench: ["ashpaw"], energy: ["ember-energy"], change: { conditions: ["rooted"] } }),
  wrongNumberOfCards: afterwards(
    { type: "endTurn" },
    { type: "discard", cardIds: ["0-hand-0", "0-hand-1"] },
    { hand: tooMany },
  ),
  noDrawOffered: played({ type: "acceptDraw" }),
  timeNotOver: played({ type: "timeOut", serviceMs: 99 }, {}, { turnDueAt: 100 }),
};

it.each(Object.keys(illegalReasons) as IllegalReason[])("tells code and words: %s", (reason) => {
  try {
    refused[reason]();
  } catch (error) {
    if (!(error instanceof TurnkeepError)) throw error;
    expect([error.code, error.details]).toEqual(["IllegalAction", { reason }]);
    expect(error.message).toBe(`the rules refuse this: ${illegalReasons[reason]}`);
    return;
  }
  throw new Error("the action was accepted");
});

it("no two reasons have the same words", () => {
  expect(new Set(Object.values(illegalReasons)).size).toBe(Object.keys(illegalReasons).length);
});
