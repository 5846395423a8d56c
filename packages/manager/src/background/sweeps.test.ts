import { away, busy, precededBy } from "@turnkeep/conformance";
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

test("a recovery brings back every game that the cache lost, in pages, and reports its progress", async () => {
  const { manager, ids } = await played(7);
  for (const gameId of ids) await manager.deleteFromCache(gameId);
  const daemon = await world.server({ recoveryPageGames: 3 });
  const progress: unknown[] = [];
  const result = await daemon.manager.recoverActiveGames({ onProgress: (at) => progress.push(at) });
  expect(result).toEqual({ recovered: 7, alreadyThere: 0, failed: [], total: 7 });
  expect(progress).toEqual([
    { done: 3, total: 7 },
    { done: 6, total: 7 },
    { done: 7, total: 7 },
  ]);
  for (const gameId of ids) expect(await world.cache.exists(gameId)).toBe(true);
  expect(daemon.logs.some(({ message }) => message === "recovered 7 of 7")).toBe(true);
});

test("a recovery leaves newer copies alone, and one after another failover keeps them too", async () => {
  const { manager, ids } = await played(4);
  expect(await manager.recoverActiveGames()).toMatchObject({ recovered: 0, alreadyThere: 4 });
  world.failover();
  expect(await manager.recoverActiveGames()).toMatchObject({ recovered: 0, alreadyThere: 4 });
  for (const gameId of ids) expect((await manager.loadState(gameId))?.state.moves).toHaveLength(1);
});

test("a page takes one call of each kind, however many games it has", async () => {
  const { ids } = await played(30);
  await world.loseCache();
  const daemon = await world.server();
  await daemon.manager.recoverActiveGames();
  const calls = [...daemon.store.calls, ...daemon.cache.calls];
  const made = (name: string) => calls.filter((operation) => operation === name).length;
  // A first page of 20 games, one of the others, and the listing that finds no more.
  expect(["listIds", "readPage", "loadPage", "installPage"].map(made)).toEqual([3, 2, 2, 2]);
  expect(["read", "load", "install", "listVersions", "reindex"].map(made)).toEqual([0, 0, 0, 0, 0]);
  for (const gameId of ids) expect(await world.cache.exists(gameId)).toBe(true);
});

test("a page that fails as a whole is loaded game by game", async () => {
  for (const operation of ["loadPage", "readPage", "installPage"] as const) {
    const { ids } = await played(3);
    await world.loseCache();
    const daemon = await world.server();
    if (operation === "loadPage") daemon.store.on(operation, busy());
    else daemon.cache.on(operation, busy());
    expect((await daemon.manager.recoverActiveGames()).failed).toEqual([]);
    for (const gameId of ids) expect(await world.cache.exists(gameId)).toBe(true);
  }
});

test("what is played between the read of a page and its install stays", async () => {
  const { manager, ids } = await played(5);
  now += 1_001;
  await manager.flushDue();
  await world.loseCache();
  const daemon = await world.server();
  const [first = "", second = ""] = ids;
  daemon.cache.on(
    "installPage",
    precededBy(() => manager.update(first, move("during"))),
    1,
  );
  daemon.store.on(
    "loadPage",
    precededBy(() => manager.update(second, move("during"))),
    1,
  );
  expect(await daemon.manager.recoverActiveGames()).toMatchObject({ recovered: 3, alreadyThere: 2, failed: [] });
  for (const gameId of [first, second]) {
    expect((await manager.loadState(gameId))?.state.moves).toEqual([expect.stringContaining("of "), "during"]);
  }
});

test("a game that ends between the read of a page and its install does not come back", async () => {
  const { manager, ids } = await played(3);
  now += 1_001;
  await manager.flushDue();
  await world.loseCache();
  const daemon = await world.server();
  const [ended = "", deleted = ""] = ids;
  const end = async () => {
    await manager.update(ended, win);
    await manager.deleteGame(deleted);
  };
  daemon.cache.on("installPage", precededBy(end), 1);
  expect(await daemon.manager.recoverActiveGames()).toMatchObject({
    recovered: 1,
    alreadyThere: 0,
    failed: [],
    total: 1,
  });
  for (const gameId of [ended, deleted]) expect(await world.cache.exists(gameId)).toBe(false);
});

test("a row that is no document is quarantined, and one that only looks like one is left to its reader", async () => {
  const { manager, ids } = await played(3);
  const [list = "", broken = "", sound = ""] = ids;
  world.corrupt(list, "[]", { flushed: false });
  world.corrupt(broken, "{no JSON}", { flushed: false });
  now += 1_001;
  await manager.flushDue();
  await world.loseCache();
  const result = await manager.recoverActiveGames();
  expect(result).toMatchObject({ recovered: 2, failed: [{ gameId: list, error: { code: "GameQuarantined" } }] });
  expect(await world.store.status(list)).toBe("quarantined");
  await expect(manager.loadState(broken)).rejects.toMatchObject({ code: "GameQuarantined" });
  expect((await manager.loadState(sound))?.state.moves).toHaveLength(1);
});

test("a recovery that is cancelled ends at once, and leaves what it has done", async () => {
  const { ids } = await played(7);
  now += 1_001;
  await world.loseCache();
  const daemon = await world.server({ recoveryPageGames: 3 });
  const stop = new AbortController();
  const recovery = daemon.manager.recoverActiveGames({ signal: stop.signal, onProgress: () => stop.abort() });
  await expect(recovery).rejects.toMatchObject({ code: "Aborted" });
  const there = await Promise.all(ids.map((gameId) => world.cache.exists(gameId)));
  expect(there.filter(Boolean)).toHaveLength(3);
});

test("a sealed game that the cache lost is sealed again, and archived by the next sweep", async () => {
  const { manager, store, ids } = await played(2);
  const [sealed = ""] = ids;
  store.on("archive", away());
  await expect(manager.update(sealed, win)).rejects.toMatchObject({ code: "StoreUnavailable" });
  await manager.deleteFromCache(sealed);
  await world.loseCache();
  const daemon = await world.server();
  expect(await daemon.manager.recoverActiveGames()).toMatchObject({ recovered: 2 });
  await expect(manager.update(sealed, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
  expect(await daemon.manager.finishEndings()).toBe(1);
  expect(await world.store.findHistory(sealed)).toMatchObject({ outcome: { winnerIds: [alice] } });
});

test("games whose loads another recovery has overtaken are tried again together, and not one by one", async () => {
  const { ids } = await played(5);
  await world.loseCache();
  const daemon = await world.server();
  const overtake = () => world.cache.readPage(ids.map((gameId) => ({ gameId, token: "another recovery's" })));
  daemon.cache.on("installPage", precededBy(overtake), 1);
  expect(await daemon.manager.recoverActiveGames()).toMatchObject({ recovered: 5, failed: [] });
  expect(daemon.store.calls).not.toContain("load");
});

test("two recoveries at once, while the games are played, overwrite nothing", async () => {
  const { manager, ids } = await played(10);
  const [one, two] = [await world.server({ recoveryPageGames: 4 }), await world.server()];
  await world.loseCache();
  await Promise.all([
    one.manager.recoverActiveGames(),
    two.manager.recoverActiveGames(),
    ...ids.map((gameId) => manager.update(gameId, move("during"))),
  ]);
  for (const gameId of ids) expect((await manager.loadState(gameId))?.state.moves).toEqual(["during"]);
});

test("a row that is locked fails its own game alone: sweeps recover, end and expire the others", async () => {
  const { manager, store, ids } = await played(9, { recoveryPageGames: 2, loadWithinMs: 100 });
  now += 1_001;
  await manager.flushDue();
  await world.loseCache();
  const [locked = ""] = ids;
  const result = await world.whileLocked([locked], () => manager.recoverActiveGames());
  expect(result).toMatchObject({ recovered: 8, failed: [{ gameId: locked }] });

  for (const gameId of ids.slice(0, 3)) {
    store.on("archive", away(), 1);
    const loaded = await manager.loadState(gameId);
    const save = manager.persistToDb(win(loaded?.state ?? newCounter()));
    await expect(save).rejects.toMatchObject({ code: "StoreUnavailable" });
  }
  store.on("archive", busy(), 1);
  expect(await manager.finishEndings()).toBe(2);
  expect(await manager.finishEndings()).toBe(1);

  now += 10_000;
  store.on("read", busy(), 1);
  expect(await manager.expireStaleGames({ idleForMs: 5_000 })).toMatchObject({ expired: 5, failed: [{}] });
});

test("a sweep goes on past game after game that is locked, and waits for none of them", async () => {
  const { manager, ids } = await played(40, { recoveryPageGames: 10, loadWithinMs: 100 });
  now += 1_001;
  await manager.flushDue();
  await world.loseCache();
  const locked = [...ids].sort().slice(0, 39);
  const result = await world.whileLocked(locked, () => manager.recoverActiveGames());
  expect(result).toMatchObject({ recovered: 1, total: 40 });
  expect(result.failed.map(({ gameId }) => gameId).sort()).toEqual(locked);
});

test("a dry run counts, and touches nothing", async () => {
  const { manager, ids } = await played(3);
  await manager.deleteFromCache(ids[0] ?? "");
  const before = await world.row(ids[0] ?? "");
  expect(await manager.recoverActiveGames({ dryRun: true })).toMatchObject({ recovered: 1, alreadyThere: 2, total: 3 });
  expect(await world.cache.exists(ids[0] ?? "")).toBe(false);
  expect(await world.row(ids[0] ?? "")).toEqual(before);
});

test("games that cannot be recovered are named: an error each, one warning with five and the rest counted", async () => {
  const { manager, ids } = await played(8);
  const poisoned = ids.slice(0, 7);
  for (const gameId of poisoned) world.corrupt(gameId, "[]", { flushed: false });
  now += 1_001;
  await manager.flushDue();
  for (const gameId of poisoned) await world.cache.evict(gameId);
  const daemon = await world.server();
  daemon.store.on("quarantine", busy());
  const result = await daemon.manager.recoverActiveGames();
  expect(result.failed.map(({ gameId }) => gameId)).toEqual([...poisoned].sort());
  expect(result).toMatchObject({ recovered: 0, alreadyThere: 1, total: 8 });
  const warnings = daemon.logs.filter(({ level }) => level === "warn");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.message).toMatch(/^7 games were not recovered: (\S+, ){4}\S+ and 2 more$/);
});

test("a recovery without its store or its cache fails, and the next one goes on", async () => {
  const { manager, cache, store, ids } = await played(3);
  await world.loseCache();
  for (const operation of ["listIds", "loadPage"] as const) {
    store.on(operation, away(), 1);
    await expect(manager.recoverActiveGames()).rejects.toMatchObject({ code: "StoreUnavailable" });
  }
  for (const operation of ["readPage", "installPage"] as const) {
    cache.on(operation, away(), 1);
    await expect(manager.recoverActiveGames()).rejects.toMatchObject({ code: "CacheUnavailable" });
  }
  expect((await manager.recoverActiveGames()).total).toBe(ids.length);
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
