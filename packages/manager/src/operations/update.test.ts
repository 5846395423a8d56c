import { away, loseReply, precededBy } from "@turnkeep/conformance";
import { type Counter, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function started() {
  const server = await world.server();
  const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
  server.cache.calls.length = 0;
  server.store.calls.length = 0;
  return { ...server, gameId };
}

test("an update over a local copy is one call to the cache, and nothing is read, parsed or validated", async () => {
  const { manager, cache, store, gameId } = await started();
  const parse = vi.spyOn(JSON, "parse");
  const result = await manager.update(gameId, move("a"));
  expect(cache.calls).toEqual(["write"]);
  expect(store.calls).toEqual([]);
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
  expect(result).toMatchObject({ status: "live", durability: "writeBehind", written: true, duplicate: false });
  expect((await manager.loadState(gameId))?.version).toBe(result.version);
});

test("of a long state only what has changed is made into text, and cache and store get all of it", async () => {
  const { manager } = await world.server();
  const moves = Array.from({ length: 1_000 }, (_, n) => `the ${n}th möve`);
  const { gameId } = (await manager.createGame(newCounter(undefined, { moves }), facts)).state;
  for (const name of ["a", "b"]) await manager.update(gameId, move(name));
  const stringify = vi.spyOn(JSON, "stringify");
  const { state } = await manager.update(gameId, move("c"));
  expect(stringify).not.toHaveBeenCalledWith(state);
  stringify.mockRestore();
  const other = await world.server();
  expect((await other.manager.loadState(gameId))?.state).toEqual({ ...state, moves: [...moves, "a", "b", "c"] });
  const turned = await manager.update(gameId, nextTurn);
  expect(turned.durability).toBe("durable");
  expect((await world.row(gameId)).state).toBe(JSON.stringify(turned.state));
  await other.manager.update(gameId, move("d"));
  const last = await manager.update(gameId, move("e"), { durability: "durable" });
  expect(last.state.moves.slice(-3)).toEqual(["c", "d", "e"]);
  expect((await world.row(gameId)).state).toBe(JSON.stringify(last.state));
});

test("within a turn `durable` can be asked for", async () => {
  const { manager, gameId } = await started();
  expect((await manager.update(gameId, move("a"), { durability: "durable" })).durability).toBe("durable");
  expect((await world.row(gameId)).state).toContain('"a"');
});

test("the same reference writes nothing", async () => {
  const { manager, gameId } = await started();
  const before = await manager.loadState(gameId);
  const result = await manager.update(gameId, (state) => state);
  expect(result).toMatchObject({ written: false, duplicate: false, version: before?.version });
});

test("a reducer that throws changes nothing, and its own error leaves", async () => {
  const { manager, gameId } = await started();
  const boom = new Error("not your turn");
  await expect(
    manager.update(gameId, () => {
      throw boom;
    }),
  ).rejects.toBe(boom);
  expect((await manager.loadState(gameId))?.state.moves).toEqual([]);
});

test("a reducer that throws on a stale copy is run again on the newest one", async () => {
  const { manager, gameId } = await started();
  const other = await world.server();
  await other.manager.update(gameId, move("theirs"));
  const needsTheirs = (state: Counter) => {
    if (!state.moves.includes("theirs")) throw new Error("too early");
    return { ...state, moves: [...state.moves, "mine"] };
  };
  expect((await manager.update(gameId, needsTheirs)).state.moves).toEqual(["theirs", "mine"]);
});

test("nothing to do on a stale copy is decided again on the newest one", async () => {
  const { manager, gameId } = await started();
  const other = await world.server();
  await other.manager.update(gameId, move("theirs"));
  const onlyAfterTheirs = (state: Counter) =>
    state.moves.length === 0 ? state : { ...state, moves: [...state.moves, "mine"] };
  expect((await manager.update(gameId, onlyAfterTheirs)).written).toBe(true);
});

test("a conflict with another server reduces again over what it wrote", async () => {
  const { manager, gameId } = await started();
  const other = await world.server();
  await other.manager.update(gameId, move("theirs"));
  const conflicts: string[] = [];
  manager.events.on("state:conflict", (event) => conflicts.push(event.gameId));
  expect((await manager.update(gameId, move("mine"))).state.moves).toEqual(["theirs", "mine"]);
  expect(conflicts).toEqual([gameId]);
});

test("with `expectedVersion` a conflict is returned with both versions, and nothing is reduced again", async () => {
  const { manager, gameId } = await started();
  const { version } = await manager.update(gameId, move("seen"));
  const other = await world.server();
  const theirs = await other.manager.update(gameId, move("theirs"));
  const reducer = vi.fn(move("mine"));
  await expect(manager.update(gameId, reducer, { expectedVersion: version })).rejects.toMatchObject({
    code: "RevisionConflict",
    details: { gameId, expected: version, actual: theirs.version },
  });
  expect(reducer.mock.calls.length).toBeLessThanOrEqual(1);
  const now = await manager.update(gameId, move("mine"), { expectedVersion: theirs.version });
  expect(now.state.moves).toEqual(["seen", "theirs", "mine"]);
});

test("two servers with many updates at once lose none, and log each once", async () => {
  const servers = [await world.server(), await world.server()];
  const { gameId } = (await world.create(newCounter())).state;
  const names = Array.from({ length: 100 }, (_, n) => `m${n}`);
  await Promise.all(names.map((name, n) => servers[n % 2]?.manager.update(gameId, move(name))));
  const loaded = await servers[0]?.manager.loadState(gameId);
  expect([...(loaded?.state.moves ?? [])].sort()).toEqual([...names].sort());
  const log = await servers[1]?.manager.getLog(gameId);
  expect(log).toEqual(loaded?.state.moves.map((name) => ({ move: name })));
});

test("own calls for one game follow each other, without a conflict", async () => {
  const { manager, cache, gameId } = await started();
  await Promise.all(Array.from({ length: 20 }, (_, n) => manager.update(gameId, move(`m${n}`))));
  expect(cache.calls).toEqual(Array.from({ length: 20 }, () => "write"));
});

test("a reply that is lost leaves as unknown; the same write id then finds its write, applied once", async () => {
  const { manager, cache, gameId } = await started();
  const writeId = "action-0001";
  cache.on("write", loseReply(), 1);
  await expect(manager.update(gameId, move("once"), { writeId })).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "unknown" },
  });
  const other = await world.server();
  await other.manager.update(gameId, move("theirs"));
  const retried = await manager.update(gameId, move("once"), { writeId });
  expect(retried).toMatchObject({ duplicate: true, written: false, durability: "durable" });
  expect(retried.state.moves).toEqual(["once", "theirs"]);
  expect((await world.row(gameId)).state).toContain("once");
});

test("a retry is recognised although its reducer would refuse by now, or `expectedVersion` has passed", async () => {
  const { manager, cache, gameId } = await started();
  const onlyFirst = (state: Counter) => {
    if (state.moves.length > 0) throw new Error("not your turn");
    return move("once")(state);
  };
  const before = (await manager.loadState(gameId))?.version;
  cache.on("write", loseReply(), 1);
  const options = { writeId: "action-0001", expectedVersion: before };
  await expect(manager.update(gameId, onlyFirst, options)).rejects.toMatchObject({ code: "CacheUnavailable" });
  await manager.loadState(gameId);
  expect(await manager.update(gameId, onlyFirst, options)).toMatchObject({ duplicate: true });
  expect(await manager.update(gameId, onlyFirst, { writeId: "action-0001" })).toMatchObject({ duplicate: true });
  await expect(manager.update(gameId, onlyFirst, { writeId: "action-0002" })).rejects.toThrow("not your turn");
});

test("a retry that its own effect would refuse is a duplicate, although the cache fails over while it looks", async () => {
  const { manager, cache } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const writeId = crypto.randomUUID();
  const once = (game: Counter) => {
    if (game.moves.includes("once")) throw new Error("it was done already");
    return { ...game, moves: ["once"] };
  };
  cache.on("write", loseReply(), 1);
  await expect(manager.update(gameId, once, { writeId })).rejects.toMatchObject({ code: "CacheUnavailable" });
  cache.on(
    "claimGame",
    precededBy(async () => world.failover()),
    1,
  );
  const retried = await manager.update(gameId, once, { writeId });
  expect(retried).toMatchObject({ duplicate: true, written: false, state: { moves: ["once"] } });
});

test("a retry finds its write after the cache was lost, if it had reached the store", async () => {
  const { manager, cache, gameId } = await started();
  const writeId = "action-0001";
  cache.on("write", loseReply(), 1);
  await expect(manager.update(gameId, move("once"), { writeId })).rejects.toMatchObject({ code: "CacheUnavailable" });
  await manager.deleteFromCache(gameId);
  await world.loseCache();
  expect(await manager.update(gameId, move("once"), { writeId })).toMatchObject({ duplicate: true });
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["once"]);
});

test("after the write an unavailable store is unknown, and the retry makes it durable", async () => {
  const { manager, store, gameId } = await started();
  store.on("flush", away(), 1);
  const options = { writeId: "action-0001" };
  await expect(manager.update(gameId, nextTurn, options)).rejects.toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "unknown" },
  });
  expect(await manager.update(gameId, nextTurn, options)).toMatchObject({ duplicate: true, durability: "durable" });
  expect((await world.row(gameId)).turnNumber).toBe(2);
});

test("a commit whose reply was lost is found to be contained", async () => {
  const { manager, store, gameId } = await started();
  store.on("flush", loseReply(), 1);
  const options = { writeId: "action-0001" };
  await expect(manager.update(gameId, nextTurn, options)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.update(gameId, nextTurn, options)).toMatchObject({ duplicate: true, durability: "durable" });
});

test("a fence that a wasted load has drawn is adopted, and the write becomes durable", async () => {
  const { manager, cache, gameId } = await started();
  await world.store.load(gameId);
  expect((await manager.update(gameId, nextTurn)).durability).toBe("durable");
  expect(cache.calls).toContain("adopt");
  expect((await world.row(gameId)).turnNumber).toBe(2);
});

test("a retry that the row remembers leaves what came after it to be flushed", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.update(gameId, move("a"), { writeId: "write-a1", durability: "durable" });
  await world.store.load(gameId);
  await two.manager.update(gameId, move("b"));
  expect(await one.manager.update(gameId, move("a"), { writeId: "write-a1" })).toMatchObject({ duplicate: true });
  expect((await world.row(gameId)).state).toContain('["a"]');
  await two.manager.close();
  expect((await world.row(gameId)).state).toContain('["a","b"]');
  await world.loseCache();
  expect(await one.manager.getLog(gameId)).toEqual([{ move: "a" }, { move: "b" }]);
});

test("a game that is over with an update is sealed, archived and acknowledged", async () => {
  const { manager, gameId } = await started();
  const events: string[] = [];
  for (const name of ["state:updated", "state:ended", "state:archived"] as const) {
    manager.events.on(name, (event: { gameId: string }) => events.push(`${name} ${event.gameId}`));
  }
  const result = await manager.update(gameId, win);
  expect(events).toEqual([`state:ended ${gameId}`, `state:archived ${gameId}`]);
  expect(result).toMatchObject({ status: "ended", durability: "durable", written: true });
  expect(await world.store.status(gameId)).toBe("archived");
  expect(await world.cache.exists(gameId)).toBe(false);
  await expect(manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
});

test("an end that could not be archived stays an end, and the retry finishes it", async () => {
  const { manager, store, gameId } = await started();
  store.on("archive", away(), 1);
  const options = { writeId: "action-0001" };
  await expect(manager.update(gameId, win, options)).rejects.toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "unknown" },
  });
  await expect(manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
  expect(await manager.update(gameId, win, options)).toMatchObject({ duplicate: true, status: "ended" });
  expect(await world.store.status(gameId)).toBe("archived");
});

test("a game that a server lost from its own memory, from the cache or from both is still updated", async () => {
  const { manager, gameId } = await started();
  await manager.update(gameId, move("a"), { durability: "durable" });
  await manager.deleteFromCache(gameId);
  expect((await manager.update(gameId, move("b"))).state.moves).toEqual(["a", "b"]);
  const fresh = await world.server();
  expect((await fresh.manager.update(gameId, move("c"))).state.moves).toEqual(["a", "b", "c"]);
});

test("unknown, ended and deleted games have errors of their own", async () => {
  const { manager, gameId } = await started();
  const deleted = (await manager.createGame(newCounter(), facts)).state.gameId;
  const other = await world.server();
  await other.manager.deleteGame(deleted);
  await other.manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  await expect(manager.update(crypto.randomUUID(), move("a"))).rejects.toMatchObject({ code: "GameNotFound" });
  await expect(manager.update(gameId, move("a"))).rejects.toMatchObject({ code: "GameEnded" });
  await expect(manager.update(deleted, move("a"))).rejects.toMatchObject({ code: "GameGone" });
});

test("at the bound of what may wait for the store, a clean game's write is refused and says when to retry", async () => {
  const { manager } = await world.server({ maxDirtyGames: 1, flushWithinMs: 5_000 });
  const one = (await manager.createGame(newCounter(), facts)).state.gameId;
  const two = (await manager.createGame(newCounter(), facts)).state.gameId;
  await manager.update(one, move("a"));
  await expect(manager.update(two, move("a"))).rejects.toMatchObject({
    code: "Backpressure",
    details: { retryAfterMs: 5_000 },
  });
  await manager.update(one, move("b"));
});

test("a state that JSON would change, or of another game, is refused and nothing is stored", async () => {
  const { manager, gameId } = await started();
  const bad: [(state: Counter) => unknown, string][] = [
    [(state) => ({ ...state, turn: Number.NaN }), "InvalidState"],
    [(state) => ({ ...state, moves: ["\ud800"] }), "InvalidState"],
    [(state) => ({ ...state, gameId: crypto.randomUUID() }), "InvalidState"],
    [(state) => ({ ...state, schemaVersion: 2 }), "UnsupportedSchema"],
    [() => null, "InvalidInput"],
    [async (state) => state, "InvalidInput"],
    [(state) => ({ ...state, moves: ["x".repeat(2_000_000)] }), "StateTooLarge"],
  ];
  for (const [reducer, code] of bad) {
    await expect(manager.update(gameId, reducer as (state: Counter) => Counter)).rejects.toMatchObject({ code });
  }
  expect((await manager.loadState(gameId))?.state.moves).toEqual([]);
});

test("while the cache is away an update fails at once, and says that nothing was done", async () => {
  const { manager, cache, gameId } = await started();
  cache.on("write", away());
  await expect(manager.update(gameId, move("a"))).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "notDone" },
  });
});

test("a cache that cannot tell a failover from health allows only durable writes", async () => {
  const { manager, logs } = await world.server({}, { detectsFailover: false });
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  expect((await manager.update(gameId, move("a"))).durability).toBe("durable");
  expect((await world.row(gameId)).state).toContain('"a"');
  expect(logs.some(({ level, message }) => level === "warn" && message.includes("failover"))).toBe(true);
});

test("an aborted call says whether anything may have happened", async () => {
  const { manager, gameId, store } = await started();
  await expect(manager.update(gameId, move("a"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "Aborted",
    details: { fate: "notDone" },
  });
  const controller = new AbortController();
  store.on("flush", (call) => {
    controller.abort();
    return call();
  });
  await expect(manager.update(gameId, nextTurn, { signal: controller.signal })).rejects.toMatchObject({
    code: "Aborted",
    details: { fate: "unknown" },
  });
});

test("an update that ends its game, and whose archive cannot begin, leaves as unknown; its retry finds the end", async () => {
  const { manager, cache, gameId } = await started();
  const writeId = "the-end-of-it";
  // So long a log does not come with the write's answer, but after it.
  await manager.update(gameId, (state) => ({ state: move("logged")(state).state, log: Array(100).fill("an entry") }));
  cache.on("claimGame", away(), 1);
  await expect(manager.update(gameId, win, { writeId })).rejects.toMatchObject({
    code: "CacheUnavailable",
    details: { fate: "unknown" },
  });
  const again = await manager.update(gameId, win, { writeId });
  expect(again).toMatchObject({ status: "ended", durability: "durable", duplicate: true });
});

test("more log entries than one write may bring are refused, and nothing is changed", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const logging = (entries: number) => (state: Counter) => ({
    state: move("logged")(state).state,
    log: Array.from({ length: entries }, (_, n) => n),
  });
  await expect(manager.update(gameId, logging(100_001))).rejects.toMatchObject({ code: "InvalidInput" });
  expect((await manager.loadState(gameId))?.state.moves).toEqual([]);
  expect(await manager.update(gameId, logging(100_000))).toMatchObject({ written: true });
});

test("a retry whose write id is forgotten between its answer and its flush is applied once, and durable", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const send = () => one.manager.update(gameId, move("once"), { writeId: "forgotten-01", durability: "durable" });
  one.store.on("flush", away("unknown"), 1);
  await expect(send()).rejects.toMatchObject({ details: { fate: "unknown" } });
  const others = async () => {
    for (let n = 0; n < 20; n++) await two.manager.update(gameId, move(`other ${n}`));
  };
  one.cache.on("claimGame", precededBy(others), 1);
  expect(await send()).toMatchObject({ duplicate: true, durability: "durable" });
  const moves = (await two.manager.loadState(gameId))?.state.moves ?? [];
  expect(moves.filter((name) => name === "once")).toHaveLength(1);
  expect((await world.row(gameId)).state).toContain('"once"');
});
