import type { JsonValue } from "@turnkeep/core";
import { expect, test } from "vitest";
import { check, type LogReader } from "./check.js";
import type { Evidence, HistoryRow } from "./evidence.js";
import type { Operation } from "./operation.js";
import { reportTable } from "./report.js";

/** A game whose state is a number and whose entries add to it. */
interface Added {
  readonly writeId: string;
  readonly add: number;
}
const added = (entry: JsonValue) => entry as unknown as Added;
const reader: LogReader = {
  writeIdOf: (entry) => added(entry).writeId ?? null,
  isSystems: (entry) => added(entry).writeId?.startsWith("time-out") ?? false,
  replay: (initialState, log) =>
    String(log.reduce<number>((sum, entry) => sum + added(entry).add, Number(initialState))),
};

const act = (gameId: string, writeId: string, rest: Partial<Operation> = {}): Operation => ({
  operation: "act",
  gameId,
  playerId: "p",
  writeId,
  level: "durable",
  outcome: "acknowledged",
  action: null,
  tookMs: 1,
  attempts: 1,
  silences: [],
  duplicate: false,
  code: null,
  ...rest,
});
const row = (gameId: string, log: readonly Added[], finalState: string): HistoryRow => ({
  gameId,
  incomplete: false,
  initialState: "0",
  log: log as unknown as readonly JsonValue[],
  finalState,
});

const sound: Evidence = {
  operations: [
    act("a", "w1"),
    act("a", "w2", { level: "writeBehind" }),
    act("b", "w3"),
    act("b", "w4", { outcome: "refused", level: null, code: "RevisionConflict" }),
  ],
  endedGames: ["a", "b"],
  history: [
    row(
      "a",
      [
        { writeId: "w1", add: 1 },
        { writeId: "w2", add: 2 },
      ],
      "3",
    ),
    row("b", [{ writeId: "w3", add: 5 }], "5"),
  ],
  activeRows: [],
  logRows: 0,
  redisKeys: [],
  dirtyGames: 0,
  endedInOrder: true,
  kills: 5,
  wantedKills: 5,
};

/** Names of the findings that fail. */
const failed = (evidence: Evidence) => check(evidence, reader).flatMap(({ ok, name }) => (ok ? [] : [name]));

test("sound evidence passes in every point", () => {
  expect(failed(sound)).toEqual([]);
});

const entry = (writeId: string, add: number): Added => ({ writeId, add });
const withRowA = (log: readonly Added[], finalState: string): Evidence => ({
  ...sound,
  history: [row("a", log, finalState), ...sound.history.slice(1)],
});
const operations = (...more: Operation[]): Evidence => ({ ...sound, operations: [...sound.operations, ...more] });

test("a turn that was lost by time is an entry of no client, and must be there once as well", () => {
  const acted = [entry("w1", 1), entry("w2", 2)];
  expect(failed(withRowA([...acted, entry("time-out-9", 1)], "4"))).toEqual([]);
  const twice = withRowA([...acted, entry("time-out-9", 1), entry("time-out-9", 1)], "5");
  expect(failed(twice)).toEqual(["actions applied twice"]);
});

test.each<[string, Evidence, readonly string[]]>([
  [
    "an acknowledged durable action that is not in the log",
    withRowA([entry("w2", 2)], "2"),
    ["acknowledged durable actions lost", "acknowledged actions lost at any level"],
  ],
  [
    "an acknowledged write-behind action that is not in the log",
    withRowA([entry("w1", 1)], "1"),
    ["acknowledged actions lost at any level"],
  ],
  [
    "a write that was applied twice",
    withRowA([entry("w1", 1), entry("w2", 2), entry("w2", 2)], "5"),
    ["actions applied twice"],
  ],
  [
    "an entry that names no write",
    withRowA([entry("w1", 1), entry("w2", 2), { add: 4 } as Added], "7"),
    ["log entries of no client's action"],
  ],
  [
    "an entry that nobody asked for",
    withRowA([entry("w1", 1), entry("w2", 2), entry("x", 1)], "4"),
    ["log entries of no client's action"],
  ],
  [
    "a refused action that was applied",
    operations(act("a", "w1", { outcome: "refused", level: null })),
    ["refused actions applied"],
  ],
  [
    "an action whose result stayed unknown",
    operations(act("a", "w9", { outcome: "unknown", level: null })),
    ["actions whose result stayed unknown"],
  ],
  [
    "a missing history row",
    { ...sound, history: sound.history.slice(0, 1) },
    ["acknowledged durable actions lost", "acknowledged actions lost at any level", "games ended = history rows"],
  ],
  [
    "a second history row",
    { ...sound, history: [...sound.history, row("b", [], "0")] },
    ["games ended = history rows"],
  ],
  ["history of a game that did not end", { ...sound, endedGames: ["a"] }, ["games ended = history rows"]],
  [
    "an incomplete history",
    { ...sound, history: sound.history.map((one) => ({ ...one, incomplete: true })) },
    ["games ended = history rows"],
  ],
  [
    "a wrong final state",
    withRowA([entry("w1", 1), entry("w2", 2)], "4"),
    ["replays that differ from the archived state"],
  ],
  [
    "a final state with other bytes",
    withRowA([entry("w1", 1), entry("w2", 2)], "3 "),
    ["replays that differ from the archived state"],
  ],
  ["an active row left over", { ...sound, activeRows: ["a"] }, ["live leftovers"]],
  ["a Redis key left over", { ...sound, redisKeys: ["game:a"] }, ["live leftovers"]],
  ["a dirty mark left over", { ...sound, dirtyGames: 1 }, ["live leftovers"]],
  ["log rows left over", { ...sound, logRows: 3 }, ["live leftovers"]],
  [
    "a program that did not end by itself",
    { ...sound, endedInOrder: false },
    ["programs that had to be killed in the end"],
  ],
  ["too few kills", { ...sound, kills: 4 }, ["server killed"]],
  [
    "nothing at all",
    { ...sound, operations: [], endedGames: [], history: [] },
    ["actions acknowledged", "of these durable", "games ended = history rows"],
  ],
])("%s is found and named", (_what, evidence, expected) => {
  expect(failed(evidence)).toEqual(expected);
});

test("the report names each failure, at most five of a kind, and colours nothing unless asked to", () => {
  const findings = check({ ...sound, redisKeys: ["k1", "k2", "k3", "k4", "k5", "k6", "k7"] }, reader);
  const table = reportTable(findings, false);
  expect(table).toMatch(/live leftovers +7 +0 +FAILED/);
  expect(table).toContain("live leftovers: Redis key k5");
  expect(table).not.toContain("Redis key k6");
  expect(table).toContain("live leftovers: and 2 more");
  expect(table).not.toContain("\u001b");
  expect(reportTable(findings, true)).toContain("\u001b[31mFAILED");
});
