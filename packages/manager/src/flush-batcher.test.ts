import { parseVersion } from "@turnkeep/game-state/core";
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
      return items.map(({ gameId }) => ({ gameId, kind: "written" }));
    },
  };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("what comes during a flush shares the next one", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 50);
  const all = ["a", "b", "c"].map((id) => batcher.flush(item(id)));
  store.letGo();
  await tick();
  store.letGo();
  expect((await Promise.all(all)).map(({ gameId, kind }) => `${gameId} ${kind}`)).toEqual([
    "a written",
    "b written",
    "c written",
  ]);
  expect(store.batches).toEqual([["a"], ["b", "c"]]);
});

test("one game comes once in a batch, and a batch has its bound", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 2);
  const all = ["a", "b", "b", "c", "d"].map((id) => batcher.flush(item(id)));
  for (let n = 0; n < 4; n++) {
    store.letGo();
    await tick();
  }
  await Promise.all(all);
  expect(store.batches).toEqual([["a"], ["b", "c"], ["b", "d"]]);
});

test("a batch that fails tells all who share it, and the next one goes on", async () => {
  const store = slowStore();
  const batcher = new FlushBatcher(store, 50);
  const first = batcher.flush(item("a"));
  const shared = [batcher.flush(item("bad")), batcher.flush(item("c"))];
  store.letGo();
  await first;
  store.letGo();
  for (const result of await Promise.allSettled(shared)) expect(result.status).toBe("rejected");
  const later = batcher.flush(item("d"));
  store.letGo();
  expect(await later).toMatchObject({ kind: "written" });
});
