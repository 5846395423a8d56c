import { type Counter, draw, facts, move, newCounter, win } from "@turnkeep/conformance/counter-game";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { openRealWorld, type RealWorld } from "./test/support/real-world.js";

/* What play costs, counted: each of these counts was a figure of the benchmark first, and none may grow unseen. */

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
});
afterEach(() => world.closeServers());
afterAll(() => world.close());

/** The commands that clients send to Redis about this test's keys meanwhile; what scripts do in it is not sent. */
async function sentToRedis(work: () => Promise<unknown>): Promise<readonly string[]> {
  const monitor = await world.redis.monitor();
  try {
    const sent: string[] = [];
    const end = `${world.keyPrefix}end`;
    const ended = new Promise<void>((resolve) => {
      monitor.on("monitor", (_time: string, args: string[], source: string) => {
        if (args.includes(end)) resolve();
        else if (source !== "lua" && args.some((arg) => arg.includes(world.keyPrefix))) sent.push(String(args[0]));
      });
    });
    await work();
    await world.redis.get(end);
    await ended;
    return sent.map((name) => name.toLowerCase());
  } finally {
    monitor.disconnect();
  }
}

test("an action on a held game sends one command, a load another one, and neither parses anything", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const parse = vi.spyOn(JSON, "parse");
  const query = vi.spyOn(pg.Client.prototype, "query");
  const sent = await sentToRedis(async () => {
    for (let n = 0; n < 5; n += 1) await manager.update(gameId, move(`move ${n}`));
    await manager.loadState(gameId);
  });
  expect(sent).toEqual(Array(6).fill("evalsha"));
  expect(parse).not.toHaveBeenCalled();
  expect(query).not.toHaveBeenCalled();
  parse.mockRestore();
  query.mockRestore();
});

test("loads in the same breath share one command, of held games and of others, and so do creations", async () => {
  const { manager } = await world.server();
  const holdsNothing = (await world.server({ localCopyBytes: 0 })).manager;
  // The first one looks how much waits for the store.
  await manager.createGame(newCounter(), facts);
  const states = Array.from({ length: 20 }, () => newCounter());
  const created = await sentToRedis(() => Promise.all(states.map((state) => manager.createGame(state, facts))));
  expect(created).toEqual(["evalsha", "evalsha"]);
  for (const server of [manager, holdsNothing]) {
    const sent = await sentToRedis(async () => {
      const games = await Promise.all(states.map(({ gameId }) => server.loadState(gameId)));
      expect(games.map((game) => game?.state)).toEqual(states);
    });
    expect(sent).toEqual(["evalsha"]);
  }
});

test("an end is one statement of Postgres, and brings the log once, also where it is long", async () => {
  const { manager } = await world.server();
  const logged = (entries: number) => (state: Counter) => ({
    state: move("logged")(state).state,
    log: Array(entries).fill(0),
  });
  const ends: readonly [log: number, commands: number, end: (gameId: string) => Promise<unknown>][] = [
    [10, 3, (gameId) => manager.endGame(gameId, draw)],
    [10, 2, (gameId) => manager.update(gameId, win)],
    [1_000, 4, (gameId) => manager.endGame(gameId, draw)],
    [1_000, 3, (gameId) => manager.update(gameId, win)],
  ];
  for (const [entries, commands, end] of ends) {
    const { gameId } = (await manager.createGame(newCounter(), facts)).state;
    await manager.update(gameId, logged(entries));
    const query = vi.spyOn(pg.Client.prototype, "query");
    expect(await sentToRedis(() => end(gameId))).toEqual(Array(commands).fill("evalsha"));
    expect(query).toHaveBeenCalledOnce();
    query.mockRestore();
    expect(JSON.parse((await world.store.readReplay(gameId))?.replay ?? "").log).toHaveLength(entries);
  }
});

test("a flush of many games is one statement of Postgres and one acknowledgement", async () => {
  const { manager } = await world.server({ flushWithinMs: 10 });
  const games = await Promise.all(Array.from({ length: 20 }, () => manager.createGame(newCounter(), facts)));
  for (const { state } of games) await manager.update(state.gameId, move("a"));
  const { oldestOverdueMs } = await manager.backlog();
  await vi.waitUntil(async () => (await manager.backlog()).oldestOverdueMs > oldestOverdueMs + 10);
  const query = vi.spyOn(pg.Client.prototype, "query");
  const sent = await sentToRedis(async () => {
    expect(await manager.flushDue()).toMatchObject({ written: games.length, failed: 0 });
  });
  expect(query).toHaveBeenCalledOnce();
  expect(sent).toEqual(["evalsha", "evalsha"]);
  query.mockRestore();
});
