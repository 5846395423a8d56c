import { expect, test } from "vitest";
import type { FinalGame } from "../system/system.js";
import { type Entry, Journal } from "../workload/journal.js";
import { check } from "./check.js";

const gameId = "11111111-1111-4111-8111-111111111111";

const entry = (op: Entry["op"], at: number, more: Partial<Entry> = {}): Entry => ({
  ...{ op, gameId, service: 0, outcome: "done" as const, from: at, to: at + 1 },
  ...more,
});
const write = (writeId: string, at: number, more: Partial<Entry> = {}) =>
  entry("write", at, { writeId, level: "durable", ...more });
const read = (at: number, version: string, writes: string[], stale = false) =>
  entry("read", at, { seen: { version, status: "live", writes, stale } });

const logOf = (writes: string[]) => writes.map((writeId, n) => ({ seq: n + 1, writeId }));
const live = (writes: string[], more: Partial<FinalGame> = {}): FinalGame => ({
  gameId,
  row: { status: "live", copy: { version: `1.${writes.length}`, writes } },
  log: logOf(writes),
  cache: { version: `1.${writes.length}`, writes, status: "live", dirty: false },
  histories: [],
  ...more,
});
const archived = (writes: string[], more: Partial<FinalGame> = {}): FinalGame => ({
  gameId,
  row: { status: "archived", copy: null },
  log: [],
  cache: null,
  histories: [{ writes, log: writes, incomplete: false }],
  ...more,
});

function broken(entries: Entry[], final: FinalGame, prepare: (journal: Journal) => void = () => {}): string[] {
  const journal = new Journal();
  journal.entries.push(...entries);
  prepare(journal);
  return check(journal, [final]).violations.map(({ promise, found }) => `${promise} ${found}`);
}

test("a run that kept every promise has no violations", () => {
  const entries = [
    entry("create", 0),
    write("a", 10),
    read(20, "1.1", ["a"]),
    write("b", 30, { level: "writeBehind" }),
  ];
  expect(broken(entries, live(["a", "b"]))).toEqual([]);
  expect(broken([...entries, entry("end", 50)], archived(["a", "b"]))).toEqual([]);
});

const quick = write("a", 100, { level: "writeBehind" });
const loss = (from: number) => (journal: Journal) =>
  void journal.losses.push({ what: "a wipe", promisedMs: 1_000, from, to: from + 10 });

const restored =
  (from: number, cacheKept = true) =>
  (journal: Journal) =>
    void journal.storeLosses.push({ what: "a restore", promisedMs: 10, from, to: from + 100, cacheKept });

test.each<[string, string, Entry[], FinalGame, ((journal: Journal) => void)?]>([
  ["a lost durable write", "I1", [write("a", 10)], live([])],
  ["a durable write lost with Redis", "I1", [write("a", 10)], live([]), loss(11)],
  ["a durable write that Redis kept, lost with a restored store", "I1", [write("a", 50)], live([]), restored(40)],
  [
    "a game created since the backup that Redis kept",
    "I1",
    [entry("create", 50)],
    live([], { row: null }),
    restored(40),
  ],
  ["a durable write from before the backup", "I1", [write("a", 10)], live([]), restored(40, false)],
  ["a durable write lost after the restore", "I1", [write("a", 200)], live([]), restored(40, false)],
  ["an end from before the backup that is undone", "I2", [entry("end", 10)], live([]), restored(40)],
  ["a log entry lost that the backup has", "I3", [write("a", 10)], live(["a"], { log: [] }), restored(40)],
  [
    "a replay that hides a gap",
    "I3",
    [write("a", 50), entry("end", 200)],
    archived(["a"], { histories: [{ writes: ["a"], log: [], incomplete: false }] }),
    restored(40),
  ],
  ["a version of two states", "I3", [read(10, "1.1", ["a"]), read(20, "1.1", ["b"])], live(["b"]), restored(5, false)],
  ["a durable write that a reader misses", "I1", [write("a", 10), read(20, "1.0", [], true)], live(["a"])],
  ["a created game that is nowhere", "I1", [entry("create", 0)], live([], { row: null, cache: null })],
  ["a refused creation that is there", "truth", [entry("create", 0, { outcome: "notDone" })], live([])],
  ["a write-behind write lost without a loss", "I5", [quick], live([])],
  ["a write-behind write lost outside the window", "I5", [quick], live([]), loss(2_000)],
  ["a write-behind write lost after the loss", "I5", [quick], live([]), loss(50)],
  [
    "Redis ahead of Postgres",
    "I5",
    [quick],
    live([], { cache: { version: "1.1", writes: ["a"], status: "live", dirty: false } }),
  ],
  ["a mark that stays", "I5", [], live([], { cache: { version: "1.0", writes: [], status: "live", dirty: true } })],
  [
    "Redis behind Postgres",
    "I3",
    [write("a", 10)],
    live(["a"], { cache: { version: "1.0", writes: [], status: "live", dirty: false } }),
  ],
  ["a write applied twice", "I3", [write("a", 10)], live(["a", "a"])],
  ["a gap in the log", "I3", [write("a", 10)], live(["a"], { log: [{ seq: 2, writeId: "a" }] })],
  ["a log in another order", "I3", [], live(["a", "b"], { log: logOf(["b", "a"]) })],
  [
    "a replay that lacks an entry",
    "I3",
    [entry("end", 10)],
    archived(["a"], { histories: [{ writes: ["a"], log: [], incomplete: false }] }),
  ],
  ["a version that goes back", "I3", [read(10, "1.2", []), read(20, "1.1", [])], live([])],
  ["a write-behind write that a reader misses", "I3", [quick, read(120, "1.0", [])], live(["a"])],
  ["an ended game that is live", "I2", [entry("end", 10)], live([])],
  ["an ended game that a reader saw live", "I2", [entry("end", 10), read(20, "1.0", [])], archived([])],
  ["a copy of a deleted game", "I2", [entry("delete", 10)], live([], { row: { status: "deleted", copy: null } })],
  ["a write after the deletion", "I2", [entry("delete", 10), write("a", 20)], archived(["a"])],
  ["an end without history", "I4", [entry("end", 10)], archived([], { histories: [] })],
  [
    "two rows of history",
    "I4",
    [entry("end", 10)],
    archived([], { histories: [archived([]), archived([])].flatMap((one) => one.histories) }),
  ],
  ["a seal that was not archived", "I4", [], live([], { row: { status: "ended", copy: null }, cache: null })],
  ["a refused write that is there", "truth", [write("a", 10, { outcome: "notDone" })], live(["a"])],
  [
    "a call that never ends",
    "liveness",
    [],
    live([]),
    (journal) => void journal.underWay.add({ op: "read", gameId, from: 0 }),
  ],
  ["a call that takes too long", "liveness", [entry("read", 0, { to: 60_000, seen: null })], live([])],
  ["an error without a meaning", "liveness", [entry("read", 0, { outcome: "fault", error: "TypeError" })], live([])],
])("%s breaks %s", (_, promise, entries, final, prepare) => {
  const found = broken(entries, final, prepare);
  expect(found.length).toBeGreaterThan(0);
  expect(found.map((says) => says.split(" ")[0])).toContain(promise);
});

test("writes that a declared loss took are counted, with how long they had been acknowledged", () => {
  const journal = new Journal();
  journal.entries.push(quick);
  loss(500)(journal);
  const { violations, lost } = check(journal, [live([])]);
  expect(violations).toEqual([]);
  expect(lost.map(({ heldMs }) => heldMs)).toEqual([399]);
});

test("what a restored store loses is no violation: what Redis lacks as well, trimmed log entries, ends", () => {
  expect(broken([write("a", 50), read(200, "1.0", [])], live([]), restored(40, false))).toEqual([]);
  expect(broken([entry("create", 50)], live([], { row: null, log: [], cache: null }), restored(40, false))).toEqual([]);
  expect(broken([write("a", 50), entry("end", 60), read(200, "1.0", [])], live([]), restored(40))).toEqual([]);
  expect(
    broken([write("a", 50), write("b", 200)], live(["a", "b"], { log: logOf(["a", "b"]).slice(1) }), restored(40)),
  ).toEqual([]);
  const incomplete = { writes: ["a"], log: [], incomplete: true };
  expect(
    broken([write("a", 50), entry("end", 200)], archived(["a"], { histories: [incomplete] }), restored(40)),
  ).toEqual([]);
});

test("a write with an unknown outcome may be there or not", () => {
  const unknown = write("a", 10, { outcome: "unknown" });
  expect(broken([unknown], live([]))).toEqual([]);
  expect(broken([unknown], live(["a"]))).toEqual([]);
});
