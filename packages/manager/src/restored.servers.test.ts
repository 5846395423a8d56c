import { alice, draw, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import type { JsonValue } from "@turnkeep/core";
import type { ActiveGame } from "@turnkeep/core/ports";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openRealWorld, type RealServer, type RealWorld } from "./test/support/real-world.js";

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
});
afterEach(() => world.closeServers());
afterAll(() => world.close());

/** Copies the store's tables as a backup; what it returns puts them back, as an operator would. */
async function backUp(): Promise<() => Promise<void>> {
  const { sequelize, schema } = world;
  const tables = ["active_games", "game_log"];
  for (const table of tables) {
    await sequelize.query(`CREATE TABLE "${schema}".backup_${table} AS TABLE "${schema}".${table}`);
  }
  return async () => {
    for (const table of tables) {
      await sequelize.query(`DELETE FROM "${schema}".${table}`);
      await sequelize.query(`INSERT INTO "${schema}".${table} SELECT * FROM "${schema}".backup_${table}`);
      await sequelize.query(`DROP TABLE "${schema}".backup_${table}`);
    }
  };
}

async function emptyCache(): Promise<void> {
  const { redis, keyPrefix } = world;
  await redis.del(...(await redis.keys(`*${keyPrefix}*`)));
}

async function readRow(gameId: string): Promise<ActiveGame> {
  const row = await world.store.read(gameId);
  if (row.kind !== "row") throw new Error(`there is no row of ${gameId}`);
  return row.game;
}
const movesIn = async (gameId: string) => JSON.parse((await readRow(gameId)).state).moves;

type Bring = (manager: RealServer["manager"]) => Promise<unknown>;
const sit = (seat: string, name: string) => (metadata: JsonValue | null) => ({ ...(metadata as object), [seat]: name });

test("no version is drawn twice: a copy from before both stores were restored is never written over what came after", async () => {
  const [creator, before] = [await world.server(), await world.server()];
  const { gameId } = (await creator.manager.createGame(newCounter(), facts)).state;
  const restore = await backUp();
  await creator.manager.deleteFromCache(gameId);
  await before.manager.loadState(gameId);
  await before.manager.update(gameId, move("lost-2"), { durability: "durable" });
  const held = await before.manager.update(gameId, move("lost-3"), { durability: "durable" });
  await restore();
  await emptyCache();
  const after = await world.server();
  await after.manager.update(gameId, move("new-2"), { durability: "durable" });
  const newest = await after.manager.update(gameId, move("new-3"), { durability: "durable" });
  expect(newest.version).not.toBe(held.version);
  const written = await before.manager.update(gameId, move("new-4"), { durability: "durable" });
  expect(written.state.moves).toEqual(["new-2", "new-3", "new-4"]);
  expect(await movesIn(gameId)).toEqual(["new-2", "new-3", "new-4"]);
});

test("a copy whose fence is hours ahead of the restored row, and of Postgres's clock, becomes durable at once", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const restore = await backUp();
  await manager.update(gameId, move("after-backup"), { durability: "durable" });
  await restore();
  const header = `{${world.keyPrefix}game:${gameId}}:m`;
  const hours = 5n * 3_600_000_000n * 1_024n;
  await world.redis.hset(header, "fen", String(BigInt((await world.redis.hget(header, "fen")) ?? 0) + hours));
  store.calls.length = 0;
  await manager.update(gameId, move("after-restore"), { durability: "durable" });
  expect(store.calls).toEqual(["flush", "load", "flush"]);
  expect(await movesIn(gameId)).toEqual(["after-backup", "after-restore"]);
});

test("after a restore with a clock set back, watchers see the next versions, and local copies serve again", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const restore = await backUp();
  const hours = 5n * 3_600_000_000n * 1_024n;
  await world.sequelize.query(`UPDATE "${world.schema}".active_games SET fence = fence + ${hours}`);
  await one.manager.deleteFromCache(gameId);
  await two.manager.update(gameId, move("lost"), { durability: "durable" });
  const watcher = two.manager.watch(gameId)[Symbol.asyncIterator]();
  const seen = async () => (await watcher.next()).value?.state.moves;
  expect(await seen()).toEqual(["lost"]);
  await restore();
  await emptyCache();
  await one.manager.update(gameId, move("new"), { durability: "durable" });
  expect(await seen()).toEqual(["new"]);
  await two.manager.update(gameId, move("newer"));
  expect(await seen()).toEqual(["new", "newer"]);
  two.cache.calls.length = 0;
  await two.manager.update(gameId, move("newest"));
  expect(two.cache.calls.filter((operation) => operation === "write")).toHaveLength(1);
  await watcher.return?.();
});

test.each([
  ["recovery", (manager: RealServer["manager"]) => manager.recoverActiveGames()],
  ["the sweep", (manager: RealServer["manager"]) => manager.findUnflushed()],
] as const)(
  "%s brings back into a restored store what the cache still has, and nothing over newer rows",
  async (_, sweep) => {
    const { manager } = await world.server();
    const [ahead, reloaded, level, newer] = await Promise.all(
      [1, 2, 3, 4].map(async () => (await manager.createGame(newCounter(), facts)).state.gameId),
    );
    const games = [ahead, reloaded, level, newer].map((gameId) => gameId ?? "");
    const restore = await backUp();
    await manager.deleteFromCache(games[1] ?? "");
    for (const gameId of [games[0] ?? "", games[1] ?? "", games[3] ?? ""]) {
      await manager.update(gameId, move("acknowledged"), { durability: "durable" });
    }
    await restore();
    // Written past the cache, as from the other side of a split: the cache lacks what this row has.
    await world.sequelize.query(
      `UPDATE "${world.schema}".active_games SET lineage = fence + 1, fence = fence + 1 WHERE id = '${games[3]}'`,
    );
    await sweep(manager);
    await manager.flushDue();
    expect(await Promise.all(games.map(movesIn))).toEqual([["acknowledged"], ["acknowledged"], [], []]);
    await emptyCache();
    expect((await manager.loadState(games[0] ?? ""))?.state.moves).toEqual(["acknowledged"]);
  },
);

test.each<[string, (manager: RealServer["manager"], gameId: string) => Promise<unknown>]>([
  ["the sweep", (manager) => manager.findUnflushed()],
  ["its next durable move", (manager, gameId) => manager.update(gameId, move("next"), { durability: "durable" })],
  ["its end", (manager, gameId) => manager.endGame(gameId, draw)],
])("a game that was created since the backup is made again from its copy by %s", async (by, bringBack) => {
  const { manager } = await world.server();
  const restore = await backUp();
  const given = { ...facts, gameType: "duel", rulesConfig: { pace: 9 } };
  const { gameId } = (await manager.createGame(newCounter(), given)).state;
  await manager.update(gameId, move("a"), { durability: "durable" });
  const before = await world.store.read(gameId);
  await restore();
  const gaps: unknown[] = [];
  manager.events.on("flush:gap", (event) => gaps.push(event));
  await bringBack(manager, gameId);
  await manager.flushDue();
  expect(gaps).toEqual([{ gameId }]);
  if (by === "its end") {
    expect(await manager.getReplay(gameId, { playerId: alice })).toMatchObject({
      record: { incomplete: true, gameType: "duel", playerIds: facts.playerIds },
      finalView: { moves: ["a"] },
    });
    return;
  }
  if (before.kind !== "row") throw new Error("it was created");
  const { gameType, playerIds, npcId, rules, rulesVersion, startedAt, fence } = before.game;
  const game = { gameType, playerIds, npcId, rules, rulesVersion, startedAt, fence, status: "live" };
  expect(await world.store.read(gameId)).toMatchObject({ kind: "row", game });
  await emptyCache();
  expect((await manager.loadState(gameId))?.state.moves).toEqual(by === "the sweep" ? ["a"] : ["a", "next"]);
  await manager.update(gameId, move("later"), { durability: "durable" });
});

test.each<[string, Bring]>([
  ["recovery", (manager) => manager.recoverActiveGames()],
  ["the sweep", (manager) => manager.findUnflushed()],
])("%s writes metadata that only the cache has to the restored row, and nothing over newer one", async (_, sweep) => {
  const [{ manager }, other] = [await world.server(), await world.server()];
  const created = () => manager.createGame(newCounter(), { ...facts, metadata: { 0: "ada" } });
  const [lost, level] = [(await created()).state.gameId, (await created()).state.gameId];
  const { metadata, metadataVersion } = await readRow(level);
  const restore = await backUp();
  await manager.updateMetadata(lost, sit("1", "bob"));
  await restore();
  expect((await readRow(lost)).metadata).toBe('{"0":"ada"}');
  await sweep(manager);
  expect(JSON.parse((await readRow(lost)).metadata ?? "")).toEqual({ 0: "ada", 1: "bob" });
  expect(await readRow(level)).toMatchObject({ metadata, metadataVersion });
  await other.manager.updateMetadata(lost, sit("2", "eve"));
  const { metadataVersion: newest } = await readRow(lost);
  await sweep(manager);
  expect((await readRow(lost)).metadataVersion).toBe(newest);
  await emptyCache();
  expect((await manager.loadState(lost))?.metadata).toEqual({ 0: "ada", 1: "bob", 2: "eve" });
});

test.each<[string, boolean]>([
  ["its row is made again", true],
  ["its row takes a fence above the copy's", false],
])("metadata that only the cache has comes back at once where %s", async (_, isYoung) => {
  const { manager } = await world.server();
  const create = async () =>
    (await manager.createGame(newCounter(), { ...facts, metadata: { 0: "ada" } })).state.gameId;
  const old = isYoung ? "" : await create();
  const restore = await backUp();
  const gameId = isYoung ? await create() : old;
  await manager.deleteFromCache(gameId);
  await manager.updateMetadata(gameId, sit("1", "bob"));
  await manager.update(gameId, move("after-backup"), { durability: "durable" });
  await restore();
  await manager.update(gameId, move("after-restore"), { durability: "durable" });
  expect(JSON.parse((await readRow(gameId)).metadata ?? "")).toEqual({ 0: "ada", 1: "bob" });
  await manager.endGame(gameId, draw);
  expect((await manager.getReplayStates(gameId))?.metadata).toEqual({ 0: "ada", 1: "bob" });
});

test("a game that was created and deleted since the backup does not come back", async () => {
  const { manager } = await world.server();
  const restore = await backUp();
  const [deleted, orphan] = await Promise.all(
    [1, 2].map(async () => (await manager.createGame(newCounter(), facts)).state.gameId),
  );
  await manager.deleteGame(deleted ?? "");
  await restore();
  expect(await manager.deleteGame(orphan ?? "")).toBe(true);
  await manager.findUnflushed();
  await manager.flushDue();
  for (const gameId of [deleted ?? "", orphan ?? ""]) expect(await manager.loadState(gameId)).toBeNull();
  expect(await world.store.status(orphan ?? "")).toBe("deleted");
});

test("a log that has lost entries says so, of a live game and of a finished one, and history is incomplete", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"), { durability: "durable" });
  const restore = await backUp();
  for (const name of ["b", "c"]) await manager.update(gameId, move(name), { durability: "durable" });
  await restore();
  const gaps: unknown[] = [];
  manager.events.on("flush:gap", (event) => gaps.push(event));
  const gap = { code: "InvalidState", details: { path: "$.log" } };
  await expect(manager.getLog(gameId)).rejects.toMatchObject(gap);
  await manager.update(gameId, move("d"), { durability: "durable" });
  expect(gaps).toEqual([{ gameId }]);
  await expect(manager.getLog(gameId)).rejects.toMatchObject(gap);
  expect(await manager.getLog(gameId, 4)).toEqual([{ move: "d" }]);
  await world.sequelize.transaction(async (transaction) => {
    await expect(manager.getLog(gameId, 1, { transaction })).rejects.toMatchObject(gap);
  });
  await manager.endGame(gameId, draw);
  await expect(manager.getLog(gameId)).rejects.toMatchObject(gap);
  expect(await manager.getReplay(gameId, { playerId: alice })).toMatchObject({
    record: { incomplete: true },
    finalView: { moves: ["a", "b", "c", "d"] },
    log: [{ move: "a" }, { move: "d" }],
  });
});
