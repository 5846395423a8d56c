import { loseReply, precededBy } from "@turnkeep/conformance";
import { alice, bob, draw, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import type { Transaction } from "sequelize";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openRealWorld, type RealServer, type RealWorld } from "./test/support/real-world.js";

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
});
afterEach(() => world.closeServers());
afterAll(() => world.close());

test("a game's whole life on real servers: created, played, flushed, ended, in history", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("a"));
  await manager.update(gameId, nextTurn);
  await manager.update(gameId, move("b"));
  expect(JSON.parse((await world.redis.get(`${world.keyPrefix}game:${gameId}`)) ?? "").moves).toEqual(["a", "b"]);
  expect(await manager.getActiveGameCount()).toBe(1);
  const result = await manager.endGame(gameId, { endReason: "prizes", winnerIds: [alice], winnerIsNpc: false });
  expect(result).toMatchObject({ winners: [alice], losers: [bob], turnCount: 2 });
  expect(result.finalViews[bob]?.secret).toBe("word-of-bob");
  expect(await manager.endGame(gameId, draw)).toEqual(result);
  expect(await manager.loadState(gameId)).toBeNull();
  expect(await manager.getActiveGameCount()).toBe(0);
  const replay = await manager.getReplay(gameId, { playerId: alice });
  expect(replay).toMatchObject({ log: [{ move: "a" }, { move: "b" }], rules: { pace: 3 } });
  expect(await world.redis.keys(`*${gameId}*`)).toEqual([]);
});

test("two servers with many updates at once lose none, and log each once", async () => {
  const servers = [await world.server({ runFlusher: true, flushWithinMs: 20 }), await world.server()];
  const { gameId } = (await servers[0]?.manager.createGame(newCounter(), facts))?.state ?? {};
  if (gameId === undefined) throw new Error("no game");
  const names = Array.from({ length: 60 }, (_, n) => `m${n}`);
  await Promise.all(names.map((name, n) => servers[n % 2]?.manager.update(gameId, move(name))));
  const loaded = await servers[1]?.manager.loadState(gameId);
  expect([...(loaded?.state.moves ?? [])].sort()).toEqual([...names].sort());
  expect(await servers[0]?.manager.getLog(gameId)).toEqual(loaded?.state.moves.map((name) => ({ move: name })));
});

test("durable writes of many games share commits", async () => {
  const { manager, store } = await world.server();
  const games = await Promise.all(Array.from({ length: 32 }, () => manager.createGame(newCounter(), facts)));
  store.calls.length = 0;
  await Promise.all(games.map(({ state }) => manager.update(state.gameId, nextTurn)));
  expect(store.calls.filter((operation) => operation === "flush").length).toBeLessThan(32);
  for (const { state } of games) {
    const row = await world.store.read(state.gameId);
    expect(row.kind === "row" && row.game.turnNumber).toBe(2);
  }
});

test("a flusher brings to the store what another server wrote and left behind", async () => {
  const writer = await world.server({ flushWithinMs: 10 });
  const { gameId } = (await writer.manager.createGame(newCounter(), facts)).state;
  await writer.manager.update(gameId, move("left behind"));
  const reader = await world.server({ runFlusher: true, flushEveryMs: 5 });
  await vi.waitFor(async () => {
    expect((await reader.manager.loadFromDb(gameId))?.state.moves).toEqual(["left behind"]);
  });
});

test("a lost reply is unknown, and its retry a duplicate after others have written", async () => {
  const { manager, cache } = await world.server();
  const other = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  cache.on("write", loseReply(), 1);
  const retry = () => manager.update(gameId, move("once"), { writeId: "retry-0001" });
  await expect(retry()).rejects.toMatchObject({ code: "CacheUnavailable", details: { fate: "unknown" } });
  await other.manager.update(gameId, move("theirs"));
  expect(await retry()).toMatchObject({ duplicate: true, durability: "durable" });
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["once", "theirs"]);
});

test("a reader that is slower than the archive does not bring the game back", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.deleteFromCache(gameId);
  two.cache.on(
    "install",
    precededBy(() => one.manager.endGame(gameId, draw)),
    1,
  );
  expect(await two.manager.loadState(gameId)).toBeNull();
  expect(await two.manager.cacheExists(gameId)).toBe(false);
});

test("a caller's transaction: what it wrote is there after its commit, and not after a rollback", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await two.manager.update(gameId, move("before"));

  const rolledBack = await world.sequelize.transaction();
  await one.manager.update(gameId, move("rolled back"), { transaction: rolledBack });
  await rolledBack.rollback();
  expect((await two.manager.loadState(gameId))?.state.moves).toEqual(["before"]);

  const committed = await world.sequelize.transaction();
  await one.manager.update(gameId, move("committed"), { transaction: committed });
  const waiting = two.manager.update(gameId, move("after"));
  await committed.commit();
  expect((await waiting).state.moves).toEqual(["before", "committed", "after"]);
  expect((await one.manager.loadState(gameId))?.state.moves).toEqual(["before", "committed", "after"]);
  expect(await one.manager.getLog(gameId)).toEqual([{ move: "before" }, { move: "committed" }, { move: "after" }]);
});

test("savepoints of one transaction write one game in turn, and one that is rolled back takes its write along", async () => {
  const [{ manager }, other] = [await world.server(), await world.server()];
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await other.manager.update(gameId, move("dirty"));
  const names = (transaction: Transaction) => (name: string) => manager.update(gameId, move(name), { transaction });
  const undo = new Error("undo");
  await world.sequelize.transaction(async (transaction) => {
    const savepoint = (work: (inner: Transaction) => Promise<unknown>) =>
      world.sequelize.transaction({ transaction }, work);
    const undone = savepoint(async (inner) => {
      await names(inner)("undone first");
      throw undo;
    });
    await expect(undone).rejects.toBe(undo);
    await savepoint((inner) => names(inner)("first"));
    await names(transaction)("outer");
    await savepoint((inner) => names(inner)("second"));
    const deleted = savepoint(async (inner) => {
      await names(inner)("undone");
      await manager.deleteGame(gameId, { transaction: inner });
      await expect(names(inner)("late")).rejects.toMatchObject({ code: "GameGone" });
      throw undo;
    });
    await expect(deleted).rejects.toBe(undo);
    const loaded = await manager.loadState(gameId, { transaction });
    if (loaded === null) throw new Error("the game is there again");
    await manager.persistToDb(move("last")(loaded.state).state, { transaction });
  });
  const moves = ["dirty", "first", "outer", "second", "last"];
  expect((await other.manager.loadState(gameId))?.state.moves).toEqual(moves);
  expect(await manager.getLog(gameId)).toEqual(moves.slice(0, -1).map((name) => ({ move: name })));
});

test("a game whose write a savepoint rolled back is ended with what was written since", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await world.sequelize.transaction(async (transaction) => {
    const undo = new Error("undo");
    const undone = world.sequelize.transaction({ transaction }, async (inner) => {
      await manager.update(gameId, move("undone"), { transaction: inner });
      throw undo;
    });
    await expect(undone).rejects.toBe(undo);
    await manager.update(gameId, move("meanwhile"));
    await manager.endGame(gameId, draw, { transaction });
  });
  expect((await world.store.readReplay(gameId))?.replay).toContain("meanwhile");
});

test("a transaction does not wait for itself: its own lock, a removal or an end, in it or in a savepoint", async () => {
  const { manager } = await world.server();
  const games = await Promise.all([1, 2, 3].map(() => manager.createGame(newCounter(), facts)));
  const [held, removed, ended] = games.map(({ state }) => state.gameId) as [string, string, string];
  await Promise.all([removed, ended].map((gameId) => manager.update(gameId, move("dirty"))));
  await manager.deleteFromCache(held);
  await world.sequelize.transaction(async (transaction) => {
    const savepoint = <T>(work: (inner: Transaction) => Promise<T>) =>
      world.sequelize.transaction({ transaction }, work);
    const late = (gameId: string) => savepoint((inner) => manager.update(gameId, move("late"), { transaction: inner }));
    await world.store.lock(held, { transaction });
    await savepoint((inner) => manager.update(held, move("under its lock"), { transaction: inner }));
    await manager.endGame(held, draw, { transaction });
    await manager.deleteGame(removed, { transaction });
    await expect(late(removed)).rejects.toMatchObject({ code: "GameGone" });
    const result = await savepoint((inner) => manager.endGame(ended, draw, { transaction: inner }));
    await expect(late(ended)).rejects.toMatchObject({ code: "GameEnded" });
    expect(await manager.endGame(ended, draw, { transaction })).toEqual(result);
  });
  expect((await world.store.readReplay(held))?.replay).toContain("under its lock");
});

/** What the cache may have of a game whose row the caller's transaction holds already. */
const copies = {
  "an unflushed copy": async () => {},
  "an unverified copy": async (gameId: string) => {
    await world.redis.hset(`{${world.keyPrefix}game:${gameId}}:m`, "epoch", "another");
  },
  "no copy": async (gameId: string, { manager }: RealServer) => {
    await manager.deleteFromCache(gameId);
  },
};

test.each(Object.entries(copies))(
  "under the caller's own lock a game with %s is written, saved and ended at once, and a rollback loses nothing",
  async (_name, prepare) => {
    const [server, other] = [await world.server(), await world.server()];
    const { manager } = server;
    const scene = async (end: "commit" | "rollback") => {
      const games = [newCounter(), newCounter(), newCounter()] as const;
      const [updated, saved, ended] = games.map(({ gameId }) => gameId) as [string, string, string];
      for (const state of games) {
        await manager.createGame(state, facts);
        await manager.update(state.gameId, move("unflushed"));
        await prepare(state.gameId, server);
      }
      const ids = games.map(({ gameId }) => `'${gameId}'`).join(",");
      const lock = `SELECT FROM "${world.schema}".active_games WHERE id IN (${ids}) ORDER BY id FOR UPDATE`;
      const undo = new Error("undo");
      const late: Promise<unknown>[] = [];
      const done = world.sequelize.transaction(async (transaction) => {
        await world.sequelize.query(lock, { transaction });
        server.store.calls.length = 0;
        await manager.update(updated, move("inside"), { transaction });
        const { state, version } = await manager.update(saved, (same) => same, { transaction });
        await manager.persistToDb(move("inside")(state).state, { version, transaction });
        expect(await manager.endGame(ended, draw, { transaction })).toMatchObject({ outcome: draw });
        expect(server.store.calls).not.toContain("load");
        late.push(other.manager.update(updated, move("other")));
        if (end === "rollback") throw undo;
      });
      if (end === "commit") await done;
      else await expect(done).rejects.toBe(undo);
      await Promise.all(late);
      return { updated, saved, ended };
    };
    const movesOf = async (gameId: string) => (await other.manager.loadState(gameId))?.state.moves;

    const committed = await scene("commit");
    expect(await movesOf(committed.updated)).toEqual(["unflushed", "inside", "other"]);
    expect(await movesOf(committed.saved)).toEqual(["unflushed", "inside"]);
    expect(await world.store.findHistory(committed.ended)).toMatchObject({ outcome: draw, incomplete: false });
    const { replay = "" } = (await world.store.readReplay(committed.ended)) ?? {};
    expect(JSON.parse(replay)).toMatchObject({ log: [{ move: "unflushed" }], finalState: { moves: ["unflushed"] } });

    const undone = await scene("rollback");
    expect(await movesOf(undone.updated)).toEqual(["unflushed", "other"]);
    for (const gameId of [undone.saved, undone.ended]) {
      expect(await movesOf(gameId)).toEqual(["unflushed"]);
      await other.manager.update(gameId, nextTurn);
      expect(await other.manager.getLog(gameId)).toEqual([{ move: "unflushed" }]);
    }
  },
);

test("watchers on another server see every end state, and that the game has gone", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const seen: unknown[] = [];
  const watching = (async () => {
    for await (const game of two.manager.watch(gameId)) {
      seen.push(game.status === "gone" ? "gone" : game.status === "ended" ? "ended" : game.state.moves.length);
      if (seen.length === 1) await one.manager.update(gameId, move("a"));
      if (seen.length === 2) await one.manager.update(gameId, win);
    }
  })();
  await watching;
  expect(seen).toEqual([0, 1, "ended", "gone"]);
});

test("recovery brings back what an empty cache lost, and nothing over a newer copy", async () => {
  const { manager } = await world.server();
  const ids: string[] = [];
  for (let n = 0; n < 7; n++) ids.push((await manager.createGame(newCounter(), facts)).state.gameId);
  const [first, ...rest] = ids;
  if (first === undefined) throw new Error("no game");
  await manager.update(first, move("newer than the store"));
  for (const gameId of rest) await manager.deleteFromCache(gameId);
  const daemon = await world.server({ recoveryPageGames: 3 });
  const before = await daemon.manager.recoverActiveGames({ dryRun: true });
  expect(before).toMatchObject({ recovered: rest.length, failed: [] });
  const result = await daemon.manager.recoverActiveGames();
  expect(result).toMatchObject({ recovered: rest.length, failed: [], total: result.recovered + result.alreadyThere });
  expect((await manager.loadState(first))?.state.moves).toEqual(["newer than the store"]);
  for (const gameId of rest) expect(await manager.cacheExists(gameId)).toBe(true);
});
