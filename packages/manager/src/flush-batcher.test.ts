import { parseVersion, TurnkeepError } from "@turnkeep/game-state/core";
import type { FlushItem, FlushOutcome } from "@turnkeep/game-state/ports";
import { expect, test } from "vitest";
import { FlushBatcher } from "./flush-batcher.js";

const item = (gameId: string): FlushItem => ({
  gameId,
  status: "live",
  version: parseVersion("1.1"),
  fence: "1",
  state: "{}",
  schemaVersion: 1,
  turnNumber: 1,
  logCount: 0,
  writeIds: "",
  outcome: null,
  lastActionAt: 0,
  entries: [],
});

/** A store whose flushes wait until they are let go. */
function slowStore() {
  const batches: string[][] = [];
  const waiting: (() => void)[] = [];
  return {
    batches,
    letGo: () => waiting.shift()?.(),
    async flush(items: readonly FlushItem[]): Promise<FlushOutcome[]> {
      batches.push(items.map(({ gameId }) => gameId));
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (items.some(({ gameId }) => gameId === "bad")) throw new Error("refused");
      if (items.some(({ gameId }) => gameId === "away")) {
        throw new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" });
      }
      return items.map(({ gameId }) => ({ gameId, kind: "written" }));
    },
  };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

const kinds = async (flushes: Promise<FlushOutcome>[]) =>
  (await Promise.all(flushes)).map(({ gameId, kind }) => `${gameId} ${kind}`);

test("what is asked for at once shares a batch, and what comes during a flush shares the next one", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 50);
  const first = ["a", "b"].map((id) => batcher.flush(item(id)));
  await tick();
  const second = ["c", "d", "e"].map((id) => batcher.flush(item(id)));
  store.letGo();
  expect(await kinds(first)).toEqual(["a written", "b written"]);
  await tick();
  store.letGo();
  expect(await kinds(second)).toEqual(["c written", "d written", "e written"]);
  expect(store.batches).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
});

test("one game comes once in a batch, and a batch has its bound", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 2);
  const all = ["a", "a", "b", "c", "d"].map((id) => batcher.flush(item(id)));
  for (let n = 0; n < 3; n++) {
    await tick();
    store.letGo();
  }
  await Promise.all(all);
  expect(store.batches).toEqual([["a", "b"], ["a", "c"], ["d"]]);
});

test("a refused batch is tried one by one, so that one bad game spoils nothing for the others", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 50);
  const all = ["a", "bad", "c"].map((id) => batcher.flush(item(id)));
  const settled = Promise.allSettled(all);
  for (let n = 0; n < 4; n++) {
    await tick();
    store.letGo();
  }
  expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(store.batches).toEqual([["a", "bad", "c"], ["a"], ["bad"], ["c"]]);
});

test("a store that is away tells all who share the batch, once, and the next batch goes on", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 50);
  const shared = Promise.allSettled(["a", "away"].map((id) => batcher.flush(item(id))));
  await tick();
  store.letGo();
  expect((await shared).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = batcher.flush(item("d"));
  await tick();
  store.letGo();
  expect(await later).toMatchObject({ kind: "written" });
  expect(store.batches).toEqual([["a", "away"], ["d"]]);
});
