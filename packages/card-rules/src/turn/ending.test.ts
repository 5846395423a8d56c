import { type CardEndReason, cardEndReasonSchema } from "@turnkeep/game-state";
import { expect, it } from "vitest";
import { actorOf } from "../board/players.js";
import { playOut, randomChooser, testGame } from "../testing/playout.js";
import { act, refusalOf, scene, side } from "../testing/scene.js";

const turnTimeMs = 10_000;

function timedGame(onTimeOut: "loseTurn" | "loseGame", timeoutsAllowed: number) {
  const state = testGame({ rules: { turnTimeMs, onTimeOut, timeoutsAllowed }, serviceMs: 5 });
  return { state, first: state.turnOrder[0], second: state.turnOrder[1] };
}

const { state: going, me, you } = scene({});

const ways: Record<CardEndReason, () => CardEndReason | undefined> = {
  prizesTaken: () => played((reason) => reason === "prizesTaken"),
  noCreaturesLeft: () => played((reason) => reason === "noCreaturesLeft"),
  deckEmpty: () => played((reason) => reason === "deckEmpty"),
  turnLimitReached: () => played((reason) => reason === "turnLimitReached", 12),
  conceded: () => act(going, me, { type: "concede" }).result?.reason,
  tied: () => act(act(going, me, { type: "offerDraw" }), you, { type: "acceptDraw" }).result?.reason,
  timedOut: () => {
    const { state, first } = timedGame("loseGame", 0);
    return act(state, first, { type: "timeOut", serviceMs: 5 + turnTimeMs }).result?.reason;
  },
  expired: () => act(going, me, { type: "close", reason: "expired" }).result?.reason,
  abandoned: () => act(going, me, { type: "close", reason: "abandoned" }).result?.reason,
};

/** The first of a row of seeded games to end so. */
function played(ends: (reason: CardEndReason) => boolean, turnLimit = 100): CardEndReason | undefined {
  for (let seed = 0; seed < 200; seed++) {
    const { final } = playOut(testGame({ seed: `end-${seed}`, rules: { turnLimit } }), randomChooser(`end-${seed}`));
    if (final.result !== null && ends(final.result.reason)) return final.result.reason;
  }
  return undefined;
}

it.each(cardEndReasonSchema.options)("a game can end so: %s", (reason) => {
  expect(ways[reason]()).toBe(reason);
});

it("time that is over costs the turn, and the game once it happened too often", () => {
  const { state, first, second } = timedGame("loseTurn", 1);
  expect(refusalOf(state, first, { type: "timeOut", serviceMs: 4 + turnTimeMs })).toBe("IllegalAction timeNotOver");
  expect(refusalOf(state, second, { type: "timeOut", serviceMs: 5 + turnTimeMs })).toBe("NotYourTurn");
  const once = act(state, first, { type: "timeOut", serviceMs: 5 + turnTimeMs });
  expect(side(once, first)).toMatchObject({ timeouts: 1, active: { id: expect.any(String) } });
  expect([actorOf(once), once.turnDueAt]).toEqual([second, 5 + 2 * turnTimeMs]);
  const both = act(once, second, { type: "timeOut", serviceMs: 5 + 2 * turnTimeMs });
  expect(both).toMatchObject({ turnNumber: 1, currentPlayerId: first });
  const late = act(both, first, { type: "timeOut", serviceMs: 5 + 3 * turnTimeMs });
  expect(late).toMatchObject({ turnDueAt: null, result: { winnerId: second, reason: "timedOut" } });
});

it("the clock runs on within a turn, and starts anew with the next", () => {
  const begun = act({ ...going, phase: "draw" }, me, { type: "draw", serviceMs: 100 });
  expect(begun.turnDueAt).toBe(100 + 90_000);
  const next = act(begun, me, { type: "endTurn", serviceMs: 7_000 });
  expect(next.turnDueAt).toBe(7_000 + 90_000);
  expect(act(next, you, { type: "draw", serviceMs: 9_000 }).turnDueAt).toBe(7_000 + 90_000);
  expect(act(next, you, { type: "concede" }).turnDueAt).toBeNull();
});

it("a draw is offered once in a turn, answered by the other alone, and lapses", () => {
  expect(refusalOf(going, you, { type: "acceptDraw" })).toBe("IllegalAction noDrawOffered");
  const offered = act(going, me, { type: "offerDraw" });
  expect(refusalOf(offered, me, { type: "acceptDraw" })).toBe("IllegalAction noDrawOffered");
  const declined = act(offered, you, { type: "declineDraw" });
  expect(declined.drawOfferedBy).toBeNull();
  expect(refusalOf(declined, me, { type: "offerDraw" })).toBe("IllegalAction onceATurn");
  const passed = act(act(act(offered, me, { type: "endTurn" }), you, { type: "draw" }), you, { type: "endTurn" });
  expect(passed.drawOfferedBy).toBeNull();
});
