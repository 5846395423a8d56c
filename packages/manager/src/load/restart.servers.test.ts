import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { interceptable } from "@turnkeep/conformance";
import { type Counter, counterGame, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { isTurnkeepError } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { patienceMs, type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import { uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createGameStateManager } from "../create-manager.js";
import type { GameStateManager } from "../manager.js";
import { mapLimit } from "../util/limiter.js";

/*
 * What a restart of Redis asks of Postgres. Run it large to measure:
 * TURNKEEP_GAMES=10000 npx vitest run --project packages/manager restart.servers
 */

const games = Number(process.env.TURNKEEP_GAMES ?? 1_000);
const clientsOfEach = 2;
const loadsAtOnce = 4;
/** The clients come back within this time, as their connections are made again. */
const backWithinMs = Math.max(500, games / 4);

const folder = mkdtempSync(join(tmpdir(), "turnkeep-restart-"));
const schema = uniqueName("restart");
let redis: RunningServer;
let postgres: RunningServer;
const servers: { manager: GameStateManager<Counter>; atStore: { now: number; most: number } }[] = [];

/** How long anything takes here is measured, and depends on the machine. */
const patient = { connectTimeoutMs: patienceMs, statementTimeoutMs: patienceMs, lockTimeoutMs: patienceMs };

async function startServer(): Promise<void> {
  const cache: Cache = createRedisCache({ url: redis.url, keyPrefix: `${schema}:`, commandTimeoutMs: patienceMs });
  const store = interceptable<Store>(
    createSqlStore({ url: postgres.url, schema, migrateOnStart: true, ...patient }) as Store,
  );
  const atStore = { now: 0, most: 0 };
  store.on("load", (call) => {
    atStore.now += 1;
    atStore.most = Math.max(atStore.most, atStore.now);
    return call().finally(() => {
      atStore.now -= 1;
    });
  });
  const manager = createGameStateManager({ game: counterGame, cache, store: store.port, advanced: { loadsAtOnce } });
  await manager.start();
  servers.push({ manager, atStore });
}

beforeAll(async () => {
  const dataDir = join(folder, "redis");
  [redis, postgres] = await Promise.all([startRedis({ dataDir, appendonly: true }), startPostgres({})]);
  for (let n = 0; n < 3; n++) await startServer();
});
afterAll(async () => {
  await Promise.all(servers.map(({ manager }) => manager.close()));
  await Promise.all([redis.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const serverOf = (n: number) => servers[n % servers.length]?.manager as GameStateManager<Counter>;

/** How long each call took, in ms, in order. */
async function timed<T>(times: number[], call: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await call();
  times.push(performance.now() - began);
  return result;
}
let sentAgain = 0;
/** What a client does when a call was not done, since too many games are loaded at once. */
async function loadAgainAndAgain(manager: GameStateManager<Counter>, gameId: string) {
  for (;;) {
    try {
      return await manager.loadState(gameId);
    } catch (error) {
      if (!isTurnkeepError(error, "StoreUnavailable")) throw error;
      sentAgain += 1;
      await wait(Math.random() * 1_000);
    }
  }
}
const at = (times: readonly number[], share: number) =>
  Math.round([...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? 0);

test("when Redis restarts under many games, a crowd that comes back asks Postgres for a few at a time, and others play on", async () => {
  const ids = await mapLimit([...Array(games).keys()], 50, async (n) => {
    const { gameId } = (await serverOf(n).createGame(newCounter(), facts)).state;
    await serverOf(n).update(gameId, move("before"));
    return gameId;
  });
  await vi.waitFor(async () => expect((await serverOf(0).backlog()).games).toBe(0));
  for (const { atStore } of servers) atStore.most = 0;

  const atRest: number[] = [];
  for (let n = 0; n < 20; n++) {
    const { gameId } = (await timed(atRest, () => serverOf(n).createGame(newCounter(), facts))).state;
    await timed(atRest, () => serverOf(n).update(gameId, nextTurn));
  }

  await redis.kill();
  redis = await startRedis({ dataDir: join(folder, "redis"), appendonly: true, port: redis.port });
  await vi.waitFor(() => serverOf(0).cacheExists(ids[0] ?? ""));

  const [loads, turns]: [number[], number[]] = [[], []];
  let crowd = true;
  // Meanwhile another client creates games and ends turns, which need Postgres too.
  const others = (async () => {
    while (crowd) {
      const { gameId } = (await timed(turns, () => serverOf(turns.length).createGame(newCounter(), facts))).state;
      await timed(turns, () => serverOf(turns.length).update(gameId, nextTurn));
      await wait(20);
    }
  })();
  const began = performance.now();
  const seen = await Promise.all(
    Array.from({ length: games * clientsOfEach }, async (_, client) => {
      await wait(Math.random() * backWithinMs);
      // The clients of a game may be at different servers.
      return timed(loads, () => loadAgainAndAgain(serverOf(client), ids[client % games] ?? ""));
    }),
  );
  const servedMs = performance.now() - began;
  crowd = false;
  await others;

  const most = servers.map(({ atStore }) => atStore.most);
  const figures = {
    games,
    clients: seen.length,
    backWithinMs,
    sentAgain,
    servedMs: Math.round(servedMs),
    mostLoadsAtOnce: most.join(" + "),
    load: { p50: at(loads, 0.5), p99: at(loads, 0.99), most: at(loads, 1) },
    createAndTurnAtRest: { p50: at(atRest, 0.5) },
    createAndTurn: { p50: at(turns, 0.5), p99: at(turns, 0.99), n: turns.length },
  };
  if (process.env.TURNKEEP_GAMES !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(seen.filter((game) => game?.stale !== false || game.state.moves.at(-1) !== "before")).toEqual([]);
  for (const atOnce of most) expect(atOnce).toBeLessThanOrEqual(loadsAtOnce);
  // Compared with the same machine at rest, which may be a slow one.
  expect(at(turns, 0.99), JSON.stringify(figures)).toBeLessThan(Math.max(5_000, 200 * at(atRest, 0.5)));
});
