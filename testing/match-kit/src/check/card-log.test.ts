import { randomUUID } from "node:crypto";
import { cardRules, chooseActionFromView, newCardGame, starterDecks } from "@turnkeep/card-rules";
import type { JsonValue } from "@turnkeep/core";
import { cardGame, type GameState } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { cardLogReader, playedIn } from "./card-log.js";
import { check } from "./check.js";
import type { Evidence, HistoryRow } from "./evidence.js";
import type { Operation } from "./operation.js";

/** A whole match between two simple players, with the server's answer to each action. */
function playedMatch(): { row: HistoryRow; operations: readonly Operation[] } {
  const [one, two] = [randomUUID(), randomUUID()];
  const gameId = randomUUID();
  const initial = newCardGame({
    gameId,
    gameType: "freeplay",
    players: [
      { id: one, name: "one", deck: starterDecks.kiln },
      { id: two, name: "two", deck: starterDecks.marsh },
    ],
    seed: "a seed",
  });
  const log: JsonValue[] = [];
  const operations: Operation[] = [];
  let state: GameState = initial;
  while (state.result === null) {
    const [playerId, action] = nextMove(state);
    const step = cardRules.apply(state, playerId, action);
    const writeId = `write-${log.length}`;
    const level = step.state.turnNumber === state.turnNumber ? "writeBehind" : "durable";
    operations.push({
      operation: "act",
      gameId,
      playerId,
      writeId,
      level,
      outcome: "acknowledged",
      action: action.type,
      tookMs: 1,
      attempts: 1,
      silences: [],
      duplicate: false,
      code: null,
    });
    log.push({ playerId, writeId, entries: [...step.log] });
    state = step.state;
  }
  const row = {
    gameId,
    incomplete: false,
    initialState: JSON.stringify(initial),
    log,
    finalState: JSON.stringify(state),
  };
  return { row, operations };
}

function nextMove(state: GameState) {
  for (const playerId of state.turnOrder) {
    const action = chooseActionFromView(cardGame.viewFor(state, { playerId }));
    if (action !== null) return [playerId, action] as const;
  }
  throw new Error("nobody can move");
}

const { row, operations } = playedMatch();
const evidenceOf = (changed: Partial<HistoryRow>): Evidence => ({
  operations,
  endedGames: [row.gameId],
  history: [{ ...row, ...changed }],
  activeRows: [],
  logRows: 0,
  redisKeys: [],
  dirtyGames: 0,
  endedInOrder: true,
  kills: 0,
  wantedKills: 0,
});
const failed = (changed: Partial<HistoryRow>) =>
  check(evidenceOf(changed), cardLogReader()).flatMap(({ ok, name }) => (ok ? [] : [name]));

test("a real match passes in every point", () => {
  expect(failed({})).toEqual([]);
});

test("one action missing in the middle is lost, and the replay does not come out", () => {
  const index = operations.findIndex(({ level }) => level === "durable");
  expect(failed({ log: row.log.filter((_, at) => at !== index) })).toEqual([
    "acknowledged durable actions lost",
    "acknowledged actions lost at any level",
    "replays that differ from the archived state",
  ]);
});

test("one action twice is found, whether the rules would take it or not", () => {
  const last = row.log.at(-1);
  expect(failed({ log: last === undefined ? [] : [...row.log, last] })).toContain("actions applied twice");
});

test("one byte more or less in the final state is found", () => {
  expect(failed({ finalState: row.finalState.replace(",", ", ") })).toEqual([
    "replays that differ from the archived state",
  ]);
  const another = row.finalState.replace(/"turnNumber":(\d+)/, (_, turn) => `"turnNumber":${Number(turn) + 1}`);
  expect(failed({ finalState: another })).toEqual(["replays that differ from the archived state"]);
});

test("a turn that was lost by time is the system's, an action is not", () => {
  const written = (action: JsonValue) => ({
    playerId: "p",
    writeId: "w",
    entries: [{ turn: 1, playerId: "p", action, records: [] }],
  });
  const reader = cardLogReader();
  expect(reader.isSystems(written({ type: "timeOut", serviceMs: 7 }))).toBe(true);
  expect(reader.isSystems(written({ type: "draw" }))).toBe(false);
  expect(reader.isSystems("nonsense")).toBe(false);
});

test("what was played is counted: end reasons, and each kind of action", () => {
  const { row } = playedMatch();
  const { endings, actions } = playedIn([row, row]);
  expect(Object.values(endings)).toEqual([2]);
  expect(actions.setUp).toBe(4);
  expect(Object.values(actions).reduce((sum, count) => sum + count, 0)).toBe(2 * row.log.length);
});
