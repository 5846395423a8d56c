import { expect, it } from "vitest";
import { playerIds, testGame } from "./testing/playout.js";
import { act, refusalOf, type Side, scene, side } from "./testing/scene.js";

const attack = (attackIndex: number) => ({ type: "attack", attackIndex }) as const;
const roll: Side = { active: "kilnback", energy: ["ember-energy", "ember-energy", "stone-energy"] };

it("where both win at once, the one who wins in more ways does", () => {
  const mine = { ...roll, bench: ["ashpaw"], prizes: ["ashpaw"], change: { damage: 80 } };
  const { state, me } = scene(mine, { prizes: ["ashpaw"], change: { damage: 50 } });
  expect(act(state, me, attack(1)).result).toEqual({ winnerId: me, reason: "prizesTaken" });
  const theirs = { bench: ["ashpaw"], prizes: ["ashpaw"], change: { damage: 50 } };
  const other = scene({ ...mine, bench: [] }, theirs);
  expect(act(other.state, other.me, attack(1)).result).toEqual({ winnerId: other.you, reason: "prizesTaken" });
});

it("who is drowsy does not retreat", () => {
  const change = { conditions: ["drowsy" as const] };
  const { state, me } = scene({ bench: ["kilnback"], energy: ["ember-energy"], change });
  expect(refusalOf(state, me, { type: "retreat", benchId: "0-bench-0" })).toBe("IllegalAction drowsy");
});

it("the stadium that is replaced goes to its owner, no matter who replaces it", () => {
  const stadium = { id: "1-stadium-0", definitionId: "sunken-mill", owner: 1 };
  const { state, me, you } = scene({ hand: ["dry-moor"] }, {}, { stadium });
  const after = act(state, me, { type: "playStadium", cardId: "0-hand-0" });
  expect([side(after, me).discard, side(after, you).discard]).toEqual([[], [stadium]]);
});

it("a creature evolves once in a turn", () => {
  const { state, me } = scene({ hand: ["weathercock-drake", "steeple-drake"], active: "eavesling" });
  const once = act(state, me, { type: "evolve", cardId: "0-hand-0", targetId: "0-active-0" });
  expect(refusalOf(once, me, { type: "evolve", cardId: "0-hand-1", targetId: "0-hand-0" })).toBe(
    "IllegalAction tooSoon",
  );
});

it("a creature that falls leaves all that lay on it, tools and lower forms as well", () => {
  const tools = [{ id: "1-tool-0", definitionId: "whetstone", owner: 1 }];
  const under = [{ id: "1-under-0", definitionId: "rillfin", owner: 1 }];
  const yours = {
    active: "sluice-serpent",
    bench: ["ashpaw"],
    energy: ["tide-energy"],
    change: { damage: 90, tools, under },
  };
  const { state, me, you } = scene(roll, yours);
  const left = side(act(state, me, attack(0)), you).discard.map(({ id }) => id);
  expect([...left].sort()).toEqual(["1-active-0", "1-energy-0", "1-tool-0", "1-under-0"]);
});

it("who deals again more often lets the other draw the difference", () => {
  const deck = (basics: number) => Array.from({ length: 30 }, (_, card) => (card < basics ? "ashpaw" : "ember-energy"));
  const players = [
    { id: playerIds.one, name: "One", deck: deck(2) },
    { id: playerIds.two, name: "Two", deck: deck(2) },
  ] as const;
  let both = 0;
  for (let seed = 0; seed < 40; seed++) {
    const dealt = testGame({ seed: `mulligans-${seed}`, players });
    const [one, two] = [playerIds.one, playerIds.two].map(
      (id) => dealt.recentActions.filter(({ type, playerId }) => type === "mulligan" && playerId === id).length,
    );
    if (one === undefined || two === undefined || dealt.recordCount > dealt.recentActions.length) continue;
    if (one > 0 && two > 0) both++;
    const [forced] = dealt.forcedActions;
    if (one === two) expect(forced).toBeUndefined();
    else {
      const playerId = one > two ? playerIds.two : playerIds.one;
      expect(forced).toEqual({ type: "mulliganDraw", playerId, count: Math.abs(one - two) });
    }
  }
  expect(both).toBeGreaterThan(0);
});

it("the last card of a deck is left there by who may draw", () => {
  const deck = ["ashpaw", ...Array.from({ length: 11 }, () => "ember-energy")];
  const rules = { deckSize: 12, openingHandSize: 1, prizeCount: 9 };
  const players = [
    { id: playerIds.one, name: "One", deck },
    { id: playerIds.two, name: "Two", deck },
  ] as const;
  const dealt = Array.from({ length: 20 }, (_, seed) => testGame({ seed: `last-${seed}`, players, rules }));
  const counts = dealt.flatMap(({ forcedActions }) => forcedActions).map((forced) => "count" in forced && forced.count);
  expect(new Set(counts)).toEqual(new Set([1]));
});
