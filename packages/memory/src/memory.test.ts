import { randomUUID } from "node:crypto";
import { systemRuntime } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { createCacheSpace, createMemoryCache, createMemoryStore } from "./index.js";

const newGame = (gameId: string) => ({
  gameId,
  state: "{}",
  schemaVersion: 1,
  turnNumber: 0,
  dueAt: null,
  writeId: "write-0001",
  gameType: "ranked" as const,
  playerIds: ["a", "b"],
  npcId: null,
  rules: "{}",
  rulesVersion: 1,
});

test("a transaction is seen by itself alone until it commits, and a rollback leaves nothing but a used fence", async () => {
  const store = createMemoryStore();
  await store.start();
  const gameId = randomUUID();
  const hooks: string[] = [];
  const failed = store.transaction(async (transaction) => {
    await store.create(newGame(gameId), { transaction });
    store.afterCommit(transaction, async () => void hooks.push("ran"));
    expect(await store.status(gameId, { transaction })).toBe("live");
    expect(await store.status(gameId)).toBe("missing");
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(await store.status(gameId)).toBe("missing");
  expect(hooks).toEqual([]);
  expect(await store.create(newGame(gameId))).toMatchObject({ kind: "created", game: { version: "2.1" } });
});

test("of two transactions that wait for each other, one fails and the other goes on", async () => {
  const store = createMemoryStore();
  await store.start();
  const [one, two] = [randomUUID(), randomUUID()];
  const lockBoth = (first: string, second: string) =>
    store.transaction(async (transaction) => {
      await store.lock(first, { transaction });
      await store.ping();
      await store.lock(second, { transaction });
    });
  const errors: unknown[] = [];
  const keep = (error: unknown) => errors.push(error);
  await Promise.all([lockBoth(one, two).catch(keep), lockBoth(two, one).catch(keep)]);
  expect(errors).toMatchObject([{ code: "StoreUnavailable", details: { fate: "notDone" } }]);
});

test("two caches share a space; a failover makes its copies unverified and leaves a gap, a loss empties it", async () => {
  const runtime = createVirtualRuntime();
  const space = createCacheSpace({ runtime });
  const [one, other] = [createMemoryCache({ space, ttlMs: 50 }), createMemoryCache({ space })];
  const store = createMemoryStore();
  await Promise.all([one.start(), other.start(), store.start()]);
  const gameId = randomUUID();
  const created = await store.create(newGame(gameId));
  if (created.kind !== "created") throw new Error("the game is not new");
  await one.read(gameId, { token: "load" });
  await one.install(gameId, "load", created.game);
  expect(space.lifetimeMs(gameId)).toBe(50);
  const before = space.snapshot();

  let gaps = 0;
  await other.subscribe(
    gameId,
    () => {},
    () => {
      gaps += 1;
    },
  );
  space.failover();
  expect(await other.read(gameId)).toEqual({ kind: "unverified" });
  expect(gaps).toBe(1);
  space.loseEverything();
  expect(await other.read(gameId)).toEqual({ kind: "miss" });
  space.rewindTo(before);
  expect(await other.read(gameId)).toEqual({ kind: "unverified" });
  await runtime.advance(50);
  expect(await other.exists(gameId)).toBe(false);
});

test("options that are unsound are refused", () => {
  expect(() => createMemoryCache({ ttlMs: 0 })).toThrow(expect.objectContaining({ code: "InvalidInput" }));
  expect(() => createMemoryCache({ space: createCacheSpace(), runtime: systemRuntime })).toThrow(
    "brings its own runtime",
  );
});
