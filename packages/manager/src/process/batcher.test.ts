import { parseVersion, TurnkeepError } from "@turnkeep/core";
import type { FlushItem, FlushReply } from "@turnkeep/core/ports";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { Batcher, type BatchLimits, type BatchOutcome } from "./batcher.js";

const item = (gameId: string, fields: Partial<FlushItem> = {}): FlushItem => ({
  gameId,
  status: "live",
  version: parseVersion("1.1"),
  fence: "1",
  base: parseVersion("1.1"),
  state: "{}",
  schemaVersion: 1,
  turnNumber: 1,
  dueAt: null,
  logCount: 0,
  writeIds: "",
  outcome: null,
  lastActionAt: 0,
  entries: [],
  ...fields,
});

const unsound = () => new TurnkeepError("InvalidInput", "it cannot be kept", { issues: [] });
const trouble = (reason: "away" | "busy") => new TurnkeepError("StoreUnavailable", reason, { fate: "notDone", reason });

/** A store whose flushes wait until they are let go; their names say what becomes of games. */
function slowStore() {
  const batches: string[] = [];
  const waiting: (() => void)[] = [];
  const store = {
    batches,
    letGo: () => waiting.shift()?.(),
    async flush(items: readonly FlushItem[]): Promise<FlushReply[]> {
      batches.push(items.map(({ gameId }) => gameId).join(" "));
      await new Promise<void>((resolve) => waiting.push(resolve));
      const named = (name: string) => items.some(({ gameId }) => gameId.startsWith(name));
      if (named("away")) throw trouble("away");
      if (named("locked")) throw trouble("busy");
      if (named("bad")) throw unsound();
      return items.map(({ gameId }) => ({ gameId, kind: store.held.has(gameId) ? "locked" : "written" }));
    },
    /** Games whose rows another transaction holds. */
    held: new Set<string>(),
  };
  return store;
}

function batcherOn(
  store: ReturnType<typeof slowStore>,
  limits: Partial<BatchLimits> = {},
  runtime = createVirtualRuntime(),
): Batcher {
  return new Batcher(runtime, store, { games: 50, bytes: 1_000_000, inFlight: 1, withinMs: 60_000, ...limits });
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** Lets everything go, whatever comes, until all of it has ended. */
async function outcomes(store: ReturnType<typeof slowStore>, flushes: Promise<BatchOutcome>[]): Promise<string[]> {
  let open = true;
  const all = Promise.allSettled(flushes).finally(() => {
    open = false;
  });
  while (open) {
    await tick();
    store.letGo();
  }
  return (await all).map((result) =>
    result.status === "fulfilled" ? `${result.value.gameId} ${result.value.kind}` : result.reason.message,
  );
}

test("what is asked for at once shares a batch, and what comes during a flush shares the next one", async () => {
  const store = slowStore();
  const batcher = batcherOn(store);
  const first = ["a", "b"].map((id) => batcher.flush(item(id)));
  await tick();
  const second = ["c", "d", "e"].map((id) => batcher.flush(item(id)));
  await outcomes(store, [...first, ...second]);
  expect(store.batches).toEqual(["a b", "c d e"]);
});

test("so many batches are on their way at once, and a game is in one of them at a time", async () => {
  const store = slowStore();
  const batcher = batcherOn(store, { inFlight: 2 });
  const flushes: Promise<BatchOutcome>[] = [];
  for (const id of ["a", "a", "b", "c"]) {
    flushes.push(batcher.flush(item(id)));
    await tick();
  }
  expect(store.batches).toEqual(["a", "b"]);
  await outcomes(store, flushes);
  expect(store.batches).toEqual(["a", "b", "a c"]);
});

test("one game comes once in a batch, and a batch has its bound in games", async () => {
  const store = slowStore();
  const batcher = batcherOn(store, { games: 2 });
  await outcomes(
    store,
    ["a", "a", "b", "c", "d"].map((id) => batcher.flush(item(id))),
  );
  expect(store.batches).toEqual(["a b", "a c", "d"]);
});

test("batches get smaller while the store is slow, and larger again as it gets faster", async () => {
  const runtime = createVirtualRuntime();
  let msForGame = 10;
  const sizes: number[] = [];
  const store = {
    async flush(items: readonly FlushItem[]): Promise<FlushReply[]> {
      sizes.push(items.length);
      await new Promise<void>((resolve) => runtime.schedule(resolve, msForGame * items.length));
      return items.map(({ gameId }) => ({ gameId, kind: "written" }));
    },
  };
  const limits = { games: 128, bytes: 1_000_000, inFlight: 1, withinMs: 500 };
  const batcher = new Batcher(runtime, store, limits);
  const flushMany = async (batches: number) => {
    sizes.length = 0;
    const ids = Array.from({ length: 1_000 }, (_, n) => `g${n}`);
    const all = Promise.all(ids.map((id) => batcher.flush(item(id))));
    await runtime.advanceUntil(() => sizes.length >= batches, 60_000);
    msForGame = 1;
    await runtime.advance(60_000);
    await all;
  };
  await flushMany(4);
  expect(sizes.slice(0, 4)).toEqual([128, 64, 32, 64]);
  await flushMany(3);
  expect(sizes.slice(0, 3)).toEqual([128, 128, 128]);
});

test("a batch has its bound in bytes of states and entries; what is larger by itself goes alone", async () => {
  const store = slowStore();
  const batcher = batcherOn(store, { bytes: 1_000 });
  const sizes = { a: 400, b: 400, c: 400, huge: 5_000, d: 100 };
  await outcomes(
    store,
    Object.entries(sizes).map(([id, bytes]) =>
      batcher.flush(item(id, { state: "é".repeat(bytes / 4), entries: ["x".repeat(bytes / 2)] })),
    ),
  );
  expect(store.batches).toEqual(["a b d", "c", "huge"]);
});

test("a batch with unsound games is halved until they stand alone; the others are written", async () => {
  const store = slowStore();
  const batcher = batcherOn(store);
  const flushes = ["a", "b", "c", "bad1", "d", "e", "f", "bad2"].map((id) => batcher.flush(item(id)));
  expect(await outcomes(store, flushes)).toEqual([
    ...["a written", "b written", "c written", "bad1 refused"],
    ...["d written", "e written", "f written", "bad2 refused"],
  ]);
  expect(store.batches).toHaveLength(11);
});

test("a batch of nothing but unsound games: each is refused", async () => {
  const store = slowStore();
  const batcher = batcherOn(store);
  const ids = ["bad1", "bad2", "bad3", "bad4", "bad5"];
  const flushes = ids.map((id) => batcher.flush(item(id)));
  expect(await outcomes(store, flushes)).toEqual(ids.map((id) => `${id} refused`));
});

test("a game whose row is locked goes alone and is never refused; for half a minute no other waits for it", async () => {
  const runtime = createVirtualRuntime();
  const store = slowStore();
  const batcher = batcherOn(store, {}, runtime);
  const all = ["locked", "a", "b"].map((id) => batcher.flush(item(id)));
  await tick();
  store.letGo();
  await tick();
  // Beside the games that go alone, batches go on.
  const later = batcher.flush(item("c"));
  await tick();
  expect(store.batches).toEqual(["locked a b", "locked", "c"]);
  expect(await outcomes(store, [...all, later])).toEqual(["busy", "a written", "b written", "c written"]);
  await outcomes(
    store,
    ["d", "locked", "e"].map((id) => batcher.flush(item(id))),
  );
  expect(store.batches.slice(-2).sort()).toEqual(["d e", "locked"]);
  await runtime.advance(30_001);
  await outcomes(
    store,
    ["f", "locked"].map((id) => batcher.flush(item(id))),
  );
  expect(store.batches.slice(-3)).toEqual(["f locked", "f", "locked"]);
});

test("where one game after the other is too slow, the rest is not tried", async () => {
  const store = slowStore();
  const batcher = batcherOn(store);
  const ids = Array.from({ length: 20 }, (_, n) => `locked${n}`);
  const results = await outcomes(
    store,
    ids.map((id) => batcher.flush(item(id))),
  );
  expect(new Set(results)).toEqual(new Set(["busy"]));
  expect(store.batches).toHaveLength(5);
});

test("a store that is away fails all who share the batch, once, and the next batch goes on", async () => {
  const store = slowStore();
  const batcher = batcherOn(store);
  const shared = ["a", "away"].map((id) => batcher.flush(item(id)));
  expect(await outcomes(store, shared)).toEqual(["away", "away"]);
  expect(await outcomes(store, [batcher.flush(item("d"))])).toEqual(["d written"]);
  expect(store.batches).toEqual(["a away", "d"]);
});

test("a game whose row is held leaves its batch, and is tried again while its caller is patient", async () => {
  const store = slowStore();
  const runtime = createVirtualRuntime();
  const batcher = batcherOn(store, {}, runtime);
  store.held.add("held");
  const [held, free, hasty] = [
    batcher.flush(item("held"), 5_000),
    batcher.flush(item("free")),
    batcher.flush(item("b")),
  ];
  await tick();
  store.letGo();
  expect(await free).toEqual({ gameId: "free", kind: "written" });
  expect(await hasty).toEqual({ gameId: "b", kind: "written" });
  for (let tries = 0; tries < 4; tries++) {
    await runtime.advance(250);
    store.letGo();
  }
  store.held.clear();
  await runtime.advance(250);
  store.letGo();
  expect(await held).toEqual({ gameId: "held", kind: "written" });
  expect(store.batches[0]).toBe("held free b");
  expect(store.batches.slice(1).every((batch) => batch === "held")).toBe(true);
});

test("a game whose row is held for longer than its caller is patient is busy, and nothing is done", async () => {
  const store = slowStore();
  const runtime = createVirtualRuntime();
  const batcher = batcherOn(store, {}, runtime);
  store.held.add("held");
  const flush = batcher.flush(item("held"), 50).catch((error: unknown) => error);
  for (let tries = 0; tries < 9; tries++) {
    await runtime.advance(10);
    store.letGo();
  }
  expect(await flush).toMatchObject({ code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } });
  expect(store.batches.length).toBeGreaterThan(1);
});
