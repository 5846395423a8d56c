import { type GameState, isNpc } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { actorOf } from "../board/players.js";
import { cardRules } from "../card-rules.js";
import { starterDecks } from "../cards/decks.js";
import { playerIds, testGame } from "../testing/playout.js";
import { enforceTimeOut } from "./enforce-time-out.js";
import { withNpcAnswers } from "./npc-answers.js";

const turnTimeMs = 10_000;
const rules = { turnTimeMs, onTimeOut: "loseTurn", timeoutsAllowed: 100 } as const;

/** A game against the NPC in which the human has to act, its clock begun at 1000. */
function campaign(): GameState {
  const dealt = testGame({
    gameType: "campaign",
    rules,
    serviceMs: 1_000,
    players: [
      { id: playerIds.one, name: "One", deck: starterDecks.kiln },
      { id: "npc:rival", name: "Rival", deck: starterDecks.marsh },
    ],
  });
  return withNpcAnswers({ state: dealt, log: [] }, { at: 1, serviceMs: 1_000 }).state;
}

interface Line {
  readonly playerId: string;
  readonly writeId: string;
  readonly entries: readonly { readonly playerId: string; readonly action: { readonly type: string } }[];
}

test("before the time is over nothing happens, and the state is the very same", () => {
  const state = campaign();
  const due = state.turnDueAt ?? 0;
  expect(due).toBe(1_000 + turnTimeMs);
  const early = enforceTimeOut(state, { at: 2, serviceMs: due - 1 });
  expect(early.state).toBe(state);
  expect(early.log).toEqual([]);
});

test("the player who sleeps loses the turn, and the NPC answers in the same step", () => {
  const state = campaign();
  const due = state.turnDueAt ?? 0;
  const { state: after, log } = enforceTimeOut(state, { at: 2, serviceMs: due + 5 });
  expect(after.players[playerIds.one]?.timeouts).toBe(1);
  expect(actorOf(after)).toBe(playerIds.one);
  expect(after.turnDueAt).toBe(due + 5 + turnTimeMs);
  const [line, ...others] = log as unknown as readonly Line[];
  expect(others).toEqual([]);
  expect([line?.playerId, line?.writeId]).toEqual([playerIds.one, `time-out-${due}`]);
  const [timeOut, ...answers] = line?.entries ?? [];
  expect(timeOut).toMatchObject({ playerId: playerIds.one, action: { type: "timeOut", at: 2, serviceMs: due + 5 } });
  expect(answers.every(({ playerId }) => isNpc(playerId))).toBe(true);
  // The same deadline is never enforced twice.
  expect(enforceTimeOut(after, { at: 3, serviceMs: due + 5 }).state).toBe(after);
});

test("a game whose human sleeps for ever ends, and its log replays to the same bytes", () => {
  const initial = campaign();
  let state = initial;
  const entries: unknown[] = [];
  for (let deadlines = 0; state.turnDueAt !== null; deadlines += 1) {
    expect(deadlines).toBeLessThan(200);
    const step = enforceTimeOut(state, { at: deadlines, serviceMs: state.turnDueAt });
    for (const line of step.log as unknown as readonly Line[]) entries.push(...line.entries);
    state = step.state;
  }
  expect(state.phase).toBe("ended");
  const replayed = (entries as Parameters<typeof cardRules.replay>[1][]).reduce(cardRules.replay, initial);
  expect(JSON.stringify(replayed)).toBe(JSON.stringify(state));
});

test("where the rules say so, it costs the game", () => {
  const strict = testGame({ rules: { ...rules, onTimeOut: "loseGame" }, serviceMs: 0 });
  const { state } = enforceTimeOut(strict, { at: 1, serviceMs: turnTimeMs });
  expect(state.result).toMatchObject({ winnerId: actorOf(strict) === playerIds.one ? playerIds.two : playerIds.one });
  expect(state.turnDueAt).toBeNull();
});

test("a game without a clock is never over time", () => {
  const slow = testGame({ rules: { turnTimeMs: null }, serviceMs: 0 });
  expect(enforceTimeOut(slow, { at: 1, serviceMs: Number.MAX_SAFE_INTEGER })).toEqual({ state: slow, log: [] });
});
