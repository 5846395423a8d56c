import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Counter, counterGame, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import type { Store } from "@turnkeep/core/ports";
import { ownTimeOf, patienceMs, type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import { uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Sequelize } from "sequelize";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createGameStateManager } from "../create-manager.js";
import type { GameStateManager } from "../manager.js";
import type { ManagerSettings } from "../settings.js";
import { nestSettings } from "../test/support/nest-settings.js";

/* A Redis and a Postgres of this file's own, killed and started again under a running manager. */

const folder = mkdtempSync(join(tmpdir(), "turnkeep-away-"));
const commandTimeoutMs = 1_000;
/** The longest that a call may take: one wait for each side, and some. */
const inTime = 6_000;
/** Without waiting for anybody. */
const atOnce = 1_000;
let redis: RunningServer;
let postgres: RunningServer;
let manager: GameStateManager<Counter>;
let store: Store<never>;
let schema: string;

const redisAgain = async (port?: number) => {
  redis = await startRedis({ dataDir: join(folder, "redis"), appendonly: true, ...(port && { port }) });
};
const postgresAgain = async (port?: number) => {
  postgres = await startPostgres({ dataDir: join(folder, "postgres"), ...(port && { port }) });
};

async function start(settings: Partial<ManagerSettings> = {}, timeoutMs = commandTimeoutMs): Promise<void> {
  schema = uniqueName("away");
  const stores = { url: postgres.url, schema, connectTimeoutMs: timeoutMs, lockTimeoutMs: 300, migrateOnStart: true };
  const sql = createSqlStore(stores);
  manager = createGameStateManager({
    game: counterGame,
    cache: createRedisCache({ url: redis.url, keyPrefix: `${schema}:`, commandTimeoutMs: timeoutMs }),
    store: sql,
    ...nestSettings({ flushWithinMs: 50, flushEveryMs: 10, claimHideMs: 2_000, probeEveryMs: 100, ...settings }),
  });
  await manager.start();
  store = sql as Store<never>;
}

beforeAll(async () => {
  await Promise.all([redisAgain(), postgresAgain()]);
});
afterEach(() => manager.close());
afterAll(async () => {
  await Promise.all([redis.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const created = async () => (await manager.createGame(newCounter(), facts)).state.gameId;
/** A durable update, asked for again where a busy machine takes longer than a call may. */
const surely = (gameId: string, reducer: Parameters<typeof manager.update>[1]) => {
  const writeId = crypto.randomUUID();
  return vi.waitFor(() => manager.update(gameId, reducer, { writeId, durability: "durable" }));
};
const movesOf = async (gameId: string): Promise<readonly string[]> => {
  const reply = await store.read(gameId);
  return reply.kind === "row" ? (JSON.parse(reply.game.state) as Counter).moves : [];
};

/** What a call comes to, and how long this process has to wait for it. */
async function ends(call: Promise<unknown>): Promise<{ code: string; fate?: string; ms: number }> {
  let error: { code: string; details?: { fate: string } } = { code: "done" };
  const ms = await ownTimeOf(async () => {
    await call.catch((reason) => {
      error = reason;
    });
  });
  return { code: error.code, ...(error.details && { fate: error.details.fate }), ms };
}

test("Postgres is killed under load: play goes on within a turn, boundaries fail at once; then all is flushed with no call", async () => {
  await start({}, patienceMs);
  const ids = await Promise.all(Array.from({ length: 30 }, created));
  const [first = ""] = ids;
  let playing = true;
  let played = 0;
  const play = async (gameId: string) => {
    for (let n = 0; playing; n++) {
      await manager.update(gameId, move(String(n)));
      played += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const games = Promise.all(ids.map(play));
  await vi.waitFor(() => expect(played).toBeGreaterThan(60));
  const away = new Promise((resolve) => manager.events.on("store:away", resolve));
  await postgres.kill();
  await away;

  const before = played;
  await vi.waitFor(() => expect(played).toBeGreaterThan(before + 60));
  const turned = await ends(manager.update(first, nextTurn));
  expect(turned).toMatchObject({ code: "StoreUnavailable", fate: "unknown" });
  const refused = await ends(manager.createGame(newCounter(), facts));
  expect(refused).toMatchObject({ code: "StoreUnavailable", fate: "notDone" });
  for (const { ms } of [turned, refused]) expect(ms).toBeLessThan(atOnce);
  playing = false;
  await games;
  await vi.waitFor(async () => expect((await manager.backlog()).oldestOverdueMs).toBeGreaterThan(200));

  await postgresAgain(postgres.port);
  await vi.waitFor(async () => expect((await manager.backlog()).games).toBe(0));
  for (const gameId of ids) {
    const loaded = await manager.loadFromCache(gameId);
    expect(await movesOf(gameId)).toEqual(loaded?.state.moves);
  }
});

test("Redis is killed: writes end in time, loads are stale; after its restart play resumes where it was", async () => {
  await start();
  const gameId = await vi.waitFor(created);
  await surely(gameId, nextTurn);
  await surely(gameId, move("acknowledged"));
  await redis.kill();
  const fates = [];
  for (let n = 0; n < 6; n++) {
    const wrote = await ends(manager.update(gameId, move("lost"), { writeId: crypto.randomUUID() }));
    expect(wrote.code).toBe("CacheUnavailable");
    expect(wrote.ms).toBeLessThan(inTime);
    fates.push(wrote);
  }
  // Once it is known to be away nobody waits for it any more, but who tries it again.
  expect(Math.min(...fates.slice(-3).map(({ ms }) => ms))).toBeLessThan(commandTimeoutMs / 2);
  const loaded = await manager.loadState(gameId);
  expect(loaded).toMatchObject({ stale: true, state: { turn: 2, moves: ["acknowledged"] } });

  await redisAgain(redis.port);
  await vi.waitFor(async () => expect((await manager.update(gameId, move("resumed"))).written).toBe(true));
  const resumed = await manager.loadState(gameId);
  expect(resumed).toMatchObject({ stale: false, state: { turn: 2, moves: ["acknowledged", "resumed"] } });
});

test("both are killed: every call ends in time, and none is acknowledged; then nothing acknowledged before is lost", async () => {
  await start();
  const gameId = await vi.waitFor(created);
  const { version } = await surely(gameId, nextTurn);
  await Promise.all([redis.kill(), postgres.kill()]);
  const calls: (() => Promise<unknown>)[] = [
    () => manager.update(gameId, move("a")),
    () => manager.update(gameId, nextTurn),
    () => manager.loadState(gameId),
    () => manager.createGame(newCounter(), facts),
    () => manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false }),
    () => manager.deleteGame(gameId),
    () => manager.saveToCache(newCounter(gameId), { version }),
    () => manager.getActiveGameCount(),
    () => manager.flushDue(),
  ];
  const results = await Promise.all(calls.map((call) => ends(call())));
  for (const { code, ms } of results) {
    expect(code).toMatch(/^(Store|Cache)Unavailable$/);
    expect(ms).toBeLessThan(inTime);
  }
  await Promise.all([redisAgain(redis.port), postgresAgain(postgres.port)]);
  await vi.waitFor(async () => expect((await manager.loadState(gameId))?.stale).toBe(false));
  expect((await manager.loadState(gameId))?.state.turn).toBe(2);
});

test("a locked row and a value that Postgres refuses fail alone: the one is flushed later, the other quarantined", async () => {
  await start({}, patienceMs);
  const sequelize = new Sequelize(postgres.url, { logging: false });
  const ids = await Promise.all(Array.from({ length: 12 }, created));
  const [locked = "", bad = ""] = ids;
  await sequelize.query(`ALTER TABLE ${schema}.active_games ADD CHECK (turn_number < 50)`);
  const lock = await sequelize.transaction();
  await sequelize.query(`SELECT 1 FROM ${schema}.active_games WHERE id = '${locked}' FOR UPDATE`, {
    transaction: lock,
  });
  const aside: string[] = [];
  manager.events.on("state:quarantined", ({ gameId, reason }) => aside.push(`${gameId} ${reason}`));
  const refused = ends(manager.update(bad, (game) => ({ ...game, turn: 60 })));
  await Promise.all(ids.filter((id) => id !== bad).map((gameId) => manager.update(gameId, move("kept"))));
  for (const gameId of ids.slice(2)) await vi.waitFor(async () => expect(await movesOf(gameId)).toEqual(["kept"]));
  expect((await refused).code).toBe("GameQuarantined");
  expect(aside).toEqual([`${bad} Postgres refuses a value (SQLSTATE 23514)`]);
  expect(await store.status(locked)).toBe("live");
  expect(await movesOf(locked)).toEqual([]);
  await lock.rollback();
  await vi.waitFor(async () => expect(await movesOf(locked)).toEqual(["kept"]));
  await sequelize.close();
});
