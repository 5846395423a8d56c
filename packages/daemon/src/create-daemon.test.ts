import { defineGame, isTurnkeepError, TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { createGameStateManager } from "@turnkeep/manager";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "@turnkeep/memory";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { createDaemon, type Daemon, type DaemonOptions } from "./create-daemon.js";

/** A game of one's own: a player whose time runs out has lost. */
const blitz = defineGame({
  name: "blitz",
  schema: z.strictObject({
    schemaVersion: z.literal(1),
    id: z.string(),
    moves: z.int(),
    endsAt: z.int(),
    isLost: z.boolean(),
  }),
  schemaVersion: 1,
  idOf: ({ id }) => id,
  turnOf: () => 0,
  dueAt: ({ endsAt }) => endsAt,
  resultOf: ({ isLost }) => (isLost ? { endReason: "time", winnerIds: [], winnerIsNpc: false } : null),
});
type Blitz = z.infer<typeof blitz.schema>;

function setUp() {
  const runtime = createVirtualRuntime();
  const [cacheSpace, storeSpace] = [createCacheSpace({ runtime }), createStoreSpace({ runtime })];
  const stores = () => ({
    cache: createMemoryCache({ space: cacheSpace }),
    store: createMemoryStore({ space: storeSpace }),
  });
  const daemon = (options: Partial<DaemonOptions<Blitz, null, never>> = {}) => {
    const made = createDaemon({
      game: blitz,
      stores,
      onDue: (state: Blitz) => ({ ...state, isLost: true }),
      runtime,
      ...options,
    } as DaemonOptions<Blitz, null, never>);
    const stop = new AbortController();
    return { ...made, running: made.run(stop.signal), stop: () => stop.abort() };
  };
  /** A server that never flushes by itself, as one that was killed. */
  const server = async () => {
    const manager = createGameStateManager({ game: blitz, ...stores(), runtime, runFlusher: false });
    await manager.start();
    return manager;
  };
  const newGame = (endsAt: number): Blitz => ({
    schemaVersion: 1,
    id: runtime.randomId(),
    moves: 0,
    endsAt,
    isLost: false,
  });
  /** Two games in both stores, and how many of them the cache has. */
  const twoGames = async () => {
    const manager = await server();
    const create = async () => (await manager.createGame(newGame(3_600_000), { gameType: "match" })).state.id;
    const gameIds = [await create(), await create()];
    return () => gameIds.filter((gameId) => cacheSpace.copy(gameId)?.epoch === cacheSpace.epoch).length;
  };
  return { runtime, cacheSpace, stores, daemon, server, newGame, twoGames };
}

test("one's own game is flushed, recovered, and lost on time by a daemon of ten lines", async () => {
  const { runtime, cacheSpace, stores, daemon, server, newGame } = setUp();
  const { store } = stores();
  await store.start();
  const killed = await server();
  const { id } = (await killed.createGame(newGame(60_000), { gameType: "match" })).state;
  await killed.update(id, (state) => ({ ...state, moves: 1 }));
  const watching = daemon();
  await runtime.advance(10_000);
  expect(watching.state()).toBe("ready");
  expect(watching.leaseHeld()).toBe(true);
  const row = await store.read(id);
  expect(row.kind === "row" && JSON.parse(row.game.state)).toMatchObject({ moves: 1 });
  cacheSpace.loseEverything();
  await runtime.advance(700_000);
  expect(await store.findHistory(id)).toMatchObject({ outcome: { endReason: "time" }, incomplete: false });
  watching.stop();
  await runtime.advance(100);
  await watching.running;
  expect(watching.state()).toBe("shuttingDown");
});

/** Lets the operation fail for as long as its port is said to be away for it. */
function breakable<Port extends object>(port: Port, operation: keyof Port): { away: boolean } {
  const link = { away: false };
  const real = port[operation] as (...args: unknown[]) => Promise<unknown>;
  const value = async (...args: unknown[]) => {
    if (link.away) throw new TurnkeepError("CacheUnavailable", "away", { fate: "notDone" });
    return await real(...args);
  };
  Object.defineProperty(port, operation, { value });
  return link;
}

const spy = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });
const other = "the cache was emptied or replaced: recovering what is live";
const recoveries = (watching: Pick<Daemon, "tasks">) =>
  watching.tasks().find(({ name }) => name === "recover-games")?.rounds;

test("a cache that is emptied while its connections stay is filled again within seconds, and said so once", async () => {
  const { runtime, cacheSpace, daemon, twoGames } = setUp();
  const cached = await twoGames();
  const logger = spy();
  const watching = daemon({ logger });
  await runtime.advance(60_000);
  expect([cached(), recoveries(watching)]).toEqual([2, 0]);
  for (const times of [1, 2]) {
    cacheSpace.flushAll();
    expect(cached()).toBe(0);
    await runtime.advance(2_000);
    expect(cached()).toBe(2);
    await runtime.advance(60_000);
    expect(logger.warn.mock.calls.filter(([, message]) => message === other)).toHaveLength(times);
    expect(recoveries(watching)).toBe(times);
  }
  watching.stop();
  await runtime.advance(100);
  await watching.running;
});

test.each(["failed over", "rewound"])("a cache that has %s is recovered once", async (what) => {
  const { runtime, cacheSpace, daemon, twoGames } = setUp();
  const before = cacheSpace.snapshot();
  const cached = await twoGames();
  const watching = daemon();
  await runtime.advance(60_000);
  if (what === "rewound") cacheSpace.rewindTo(before);
  else cacheSpace.failover();
  expect(cached()).toBe(0);
  await runtime.advance(2_000);
  expect(cached()).toBe(2);
  await runtime.advance(60_000);
  expect(recoveries(watching)).toBe(1);
  watching.stop();
  await runtime.advance(100);
  await watching.running;
});

test("a cache that is away and comes back as it was is not recovered anew; a loss meanwhile is noticed", async () => {
  const { runtime, cacheSpace, stores, daemon, twoGames } = setUp();
  const cached = await twoGames();
  const own = stores();
  const looks = breakable(own.cache, "identity");
  const watching = daemon({ stores: () => own });
  await runtime.advance(10_000);
  looks.away = true;
  await runtime.advance(10_000);
  looks.away = false;
  await runtime.advance(10_000);
  expect(recoveries(watching)).toBe(0);
  looks.away = true;
  await runtime.advance(10_000);
  cacheSpace.flushAll();
  looks.away = false;
  await runtime.advance(2_000);
  expect([recoveries(watching), cached()]).toEqual([1, 2]);
  watching.stop();
  await runtime.advance(100);
  await watching.running;
});

test("a daemon that stands by finishes what the other did not live to recover", async () => {
  const { runtime, cacheSpace, stores, daemon, twoGames } = setUp();
  const cached = await twoGames();
  const own = stores();
  const counts = breakable(own.store, "countActive");
  const first = daemon({ stores: () => own });
  await runtime.advance(1_000);
  const second = daemon();
  await runtime.advance(1_000);
  expect([first.leaseHeld(), second.leaseHeld()]).toEqual([true, false]);
  counts.away = true;
  cacheSpace.flushAll();
  await runtime.advance(2_000);
  expect([recoveries(first), cached()]).toEqual([1, 0]);
  first.stop();
  await runtime.advance(10_000);
  expect([second.leaseHeld(), cached()]).toEqual([true, 2]);
  await first.running;
  second.stop();
  await runtime.advance(100);
  await second.running;
});

test("of two daemons one works, and the other takes over when it stops", async () => {
  const { runtime, daemon } = setUp();
  const [one, two] = [daemon(), daemon()];
  await runtime.advance(1_000);
  expect([one.state(), two.state()]).toEqual(["ready", "ready"]);
  const [working, standby] = one.leaseHeld() ? [one, two] : [two, one];
  expect([working.leaseHeld(), standby.leaseHeld()]).toEqual([true, false]);
  working.stop();
  await runtime.advance(6_000);
  await working.running;
  expect(standby.leaseHeld()).toBe(true);
  standby.stop();
  await runtime.advance(100);
  await standby.running;
});

test("a start that fails is tried again with new stores, and thrown where they were given ready-made", async () => {
  const { runtime, stores, daemon } = setUp();
  let starts = 0;
  const away = () => {
    const made = stores();
    if (++starts > 3) return made;
    const start = async () => {
      throw new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" });
    };
    return { ...made, store: Object.defineProperty(made.store, "start", { value: start }) };
  };
  const patient = daemon({ stores: away });
  await runtime.advance(30_000);
  expect([patient.state(), starts]).toEqual(["ready", 4]);
  patient.stop();
  await runtime.advance(100);
  await patient.running;
  starts = 0;
  const { cache, store } = away();
  const once = createDaemon({ game: blitz, cache, store, runtime });
  await expect(once.run(new AbortController().signal)).rejects.toSatisfy((error) =>
    isTurnkeepError(error, "StoreUnavailable"),
  );
});

test("once does every task once, and a game without deadlines has no such task", async () => {
  const { runtime, stores, server, newGame } = setUp();
  const killed = await server();
  const { id } = (await killed.createGame(newGame(60_000), { gameType: "match" })).state;
  await killed.update(id, (state) => ({ ...state, moves: 1 }));
  await runtime.advance(2_000);
  const summaries = await createDaemon({ game: blitz, ...stores(), runtime }).once();
  expect(summaries.map(({ task }) => task)).not.toContain("enforce-deadlines");
  expect(summaries.find(({ task }) => task === "flush-leftovers")).toMatchObject({ done: 1, failed: 0, error: null });
  const stopped = AbortSignal.abort();
  expect(await createDaemon({ game: blitz, ...stores(), runtime }).once(stopped)).toMatchObject([
    { task: "start", error: "interrupted" },
  ]);
});

test("settings that there are none of, and values out of their bounds, are refused", () => {
  const { stores } = setUp();
  const make = (settings: object) => createDaemon({ game: blitz, ...stores(), ...settings });
  expect(() => make({ leaseMs: 1 })).toThrow("leaseMs");
  expect(() => make({ advanced: { everyMs: 3 } })).toThrow("everyMs");
  expect(() => make({ lease: 3 })).toThrow("lease");
});
