import { away, busy, precededBy } from "@turnkeep/conformance";
import { alice, facts, move, newCounter, win } from "@turnkeep/conformance/counter-game";
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
