import { away, precededBy } from "@turnkeep/conformance";
import { alice, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import { lineageOf } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let now = 1_700_000_000_000;
let world: World;
beforeEach(async () => {
  now = 1_700_000_000_000;
  world = await openWorld(() => now);
});
afterEach(() => world.close());

async function played(games: number, settings = {}) {
  const server = await world.server({ flushWithinMs: 1_000, ...settings });
  const ids: string[] = [];
  for (let n = 0; n < games; n++) {
    const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
    await server.manager.update(gameId, move(`of ${n}`));
    ids.push(gameId);
  }
  return { ...server, ids };
}

test("what is due is flushed, whichever process wrote it, and nothing before it is due", async () => {
  const { ids } = await played(5);
  const other = await world.server({ flushBatchGames: 2 });
  expect(await other.manager.flushDue()).toEqual({ written: 0, contained: 0, failed: 0 });
  now += 1_001;
  expect(await other.manager.flushDue()).toEqual({ written: 5, contained: 0, failed: 0 });
  for (const gameId of ids) expect((await world.row(gameId)).state).toContain("of ");
  expect((await world.cache.backlog()).games).toBe(0);
  expect(await other.manager.flushDue()).toEqual({ written: 0, contained: 0, failed: 0 });
});

test("what is flushed is reported batch by batch, and each batch is one statement", async () => {
  const { ids } = await played(5);
  const other = await world.server({ flushBatchGames: 2 });
  const reports: number[] = [];
  other.manager.events.on("flush:done", ({ written }) => {
    reports.push(written);
    expect(other.store.calls.filter((call) => call === "flush")).toHaveLength(reports.length);
  });
  now += 1_001;
  await other.manager.flushDue();
  expect(ids).toHaveLength(5);
  expect(reports).toEqual([2, 2, 1]);
});

test("a flush that finds a newer fence adopts it and writes in the same round", async () => {
  const { ids } = await played(3);
  const other = await world.server();
  for (const gameId of ids) await world.store.load(gameId);
  now += 1_001;
  expect(await other.manager.flushDue()).toMatchObject({ written: 3, failed: 0 });
  for (const gameId of ids) expect((await world.row(gameId)).state).toContain("of ");
});

test("a copy whose fence is far above its row's, after a loss of the store, is flushed at once, with an alarm", async () => {
  const { ids, manager, logs } = await played(1);
  const [gameId = ""] = ids;
  const copy = await world.cache.claimGame(gameId);
  if (copy === null) throw new Error("no copy");
  await world.cache.adopt(gameId, lineageOf(copy.version), String(BigInt(copy.fence) + 10n ** 12n));
  now += 1_001;
  expect(await manager.flushDue()).toMatchObject({ written: 1, failed: 0 });
  expect((await world.row(gameId)).state).toContain("of ");
  expect(logs.some(({ level, message }) => level === "error" && message.includes("lost"))).toBe(true);
});

test("unverified copies are reconciled: what the store lacks is kept and flushed", async () => {
  const { ids } = await played(3);
  world.failover();
  now += 1_001;
  const other = await world.server();
  expect(await other.manager.flushDue()).toMatchObject({ written: 3, failed: 0 });
  for (const gameId of ids) expect((await world.row(gameId)).state).toContain("of ");
});

test("a forked copy is replaced by the store's newer lineage, and a gone one evicted", async () => {
  const { ids, manager } = await played(2);
  const [forked, gone] = ids;
  if (forked === undefined || gone === undefined) throw new Error("no games");
  await world.transaction(async (transaction) => {
    await world.store.lock(forked, { transaction });
    const state = JSON.stringify(newCounter(forked, { moves: ["the store's"] }));
    await world.store.overwrite(
      {
        gameId: forked,
        baseRevision: "1",
        state,
        schemaVersion: 1,
        turnNumber: 1,
        dueAt: null,
        writeId: "overwrite-1",
      },
      { transaction },
    );
  });
  await world.store.remove(gone);
  const forks: string[] = [];
  manager.events.on("flush:fork", ({ gameId }) => forks.push(gameId));
  now += 1_001;
  expect(await manager.flushDue()).toMatchObject({ failed: 0 });
  expect(forks).toEqual([forked]);
  expect((await manager.loadState(forked))?.state.moves).toEqual(["the store's"]);
  expect(await world.cache.exists(gone)).toBe(false);
});

test("one game without a row fails alone, with an alarm, and the others are flushed", async () => {
  const { ids, manager } = await played(3);
  const [orphan, ...rest] = ids;
  if (orphan === undefined) throw new Error("no game");
  await world.orphan(orphan);
  const alarms: string[] = [];
  manager.events.on("flush:orphan", ({ gameId }) => alarms.push(gameId));
  now += 1_001;
  expect(await manager.flushDue()).toEqual({ written: 2, contained: 0, failed: 1 });
  expect(alarms).toEqual([orphan]);
  for (const gameId of rest) expect((await world.row(gameId)).state).toContain("of ");
});

test("a game without a row is reported once however often it is met, and counted until its copy is gone", async () => {
  const runtime = createVirtualRuntime();
  const { manager, logs } = await world.server({ runFlusher: true, backlogEveryMs: 50 }, { runtime });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("kept"));
  await world.orphan(gameId);
  const alarms: string[] = [];
  let counted = -1;
  manager.events.on("flush:orphan", (orphan) => alarms.push(orphan.gameId));
  manager.events.on("flush:backlog", ({ orphans }) => {
    counted = orphans;
  });
  for (let round = 0; round < 20; round++) {
    now += 3_001;
    await manager.flushDue();
  }
  await expect(manager.update(gameId, nextTurn)).rejects.toMatchObject({ code: "GameOrphaned" });
  world.failover();
  for (let round = 0; round < 20; round++) {
    now += 3_001;
    await manager.flushDue();
  }
  expect(alarms).toEqual([gameId]);
  expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
  await runtime.advance(200);
  expect(counted).toBe(1);
  await manager.deleteGame(gameId);
  await runtime.advance(200);
  expect(counted).toBe(0);
});

test("after an outage of the store the backlog drains", async () => {
  const { manager, store, ids } = await played(3, { claimHideMs: 100 });
  store.on("flush", away(), 1);
  now += 1_001;
  await expect(manager.flushDue()).rejects.toMatchObject({ code: "StoreUnavailable" });
  now += 101;
  expect(await manager.flushDue()).toMatchObject({ written: 3 });
  for (const gameId of ids) expect((await world.row(gameId)).state).toContain("of ");
});

test("the flusher's loop goes on after a failure, and reports it", async () => {
  const runtime = createVirtualRuntime();
  const { manager, cache } = await world.server({ runFlusher: true }, { runtime });
  const failures: Error[] = [];
  manager.events.on("flush:failed", ({ error }) => failures.push(error));
  cache.on("claim", away(), 2);
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("flushed in the end"));
  now += 1_001;
  await runtime.advance(5_000);
  expect((await world.row(gameId)).state).toContain("flushed in the end");
  expect(failures).toHaveLength(2);
});

test("idle games are sealed and archived as expired; played ones stay", async () => {
  const { manager, ids } = await played(3);
  const [played1, ...idle] = ids;
  now += 1_001;
  await manager.flushDue();
  now += 10_000;
  await manager.update(played1 ?? "", move("still here"));
  const expired: string[] = [];
  manager.events.on("state:expired", ({ gameId }) => expired.push(gameId));
  expect(await manager.expireStaleGames({ idleForMs: 5_000 })).toEqual({ expired: 2, failed: [] });
  expect(expired.sort()).toEqual([...idle].sort());
  for (const gameId of idle) {
    expect(await world.store.findHistory(gameId)).toMatchObject({ outcome: { endReason: "expired", winnerIds: [] } });
  }
  expect((await manager.loadState(played1 ?? ""))?.state.moves).toHaveLength(2);
});

test.each([-3_600_000, 3_600_000])("idleness goes by each side's own clock, %d ms apart", async (ahead) => {
  const skewed = await openWorld(
    () => now,
    () => now + ahead,
  );
  const { manager } = await skewed.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  now += 10_000;
  await manager.update(gameId, move("not flushed yet"));
  now += 4_999;
  expect((await manager.expireStaleGames({ idleForMs: 5_000 })).expired).toBe(0);
  now += 2;
  expect((await manager.expireStaleGames({ idleForMs: 5_000 })).expired).toBe(1);
  await skewed.close();
});

test("an action that comes while its game expires keeps the game", async () => {
  const { manager, cache, ids } = await played(1);
  const other = await world.server();
  now += 1_001;
  await manager.flushDue();
  now += 10_000;
  cache.on(
    "seal",
    precededBy(() => other.manager.update(ids[0] ?? "", move("just in time"))),
    1,
  );
  expect(await manager.expireStaleGames({ idleForMs: 5_000 })).toEqual({ expired: 0, failed: [] });
  expect((await manager.loadState(ids[0] ?? ""))?.status).toBe("live");
});

test("by default a game expires after 72 hours", async () => {
  const { manager } = await played(1);
  now += 72 * 3_600_000 - 1;
  expect((await manager.expireStaleGames()).expired).toBe(0);
  now += 2;
  expect((await manager.expireStaleGames()).expired).toBe(1);
});

test("interrupted endings are finished: those that the store knows, and those that only the cache knows", async () => {
  const { manager, store, ids } = await played(2);
  const [flushed, cachedOnly] = ids;
  store.on("archive", away());
  await expect(manager.update(flushed ?? "", win)).rejects.toMatchObject({ code: "StoreUnavailable" });
  await manager.deleteFromCache(flushed ?? "");
  expect(await world.store.status(flushed ?? "")).toBe("ended");
  await expect(manager.update(cachedOnly ?? "", win)).rejects.toMatchObject({ code: "StoreUnavailable" });
  const daemon = await world.server();
  expect(await daemon.manager.finishEndings()).toBe(1);
  now += 1_001;
  expect(await daemon.manager.finishEndings()).toBe(1);
  expect(await daemon.manager.finishEndings()).toBe(0);
  for (const gameId of ids)
    expect(await world.store.findHistory(gameId)).toMatchObject({ outcome: { winnerIds: [alice] } });
});
