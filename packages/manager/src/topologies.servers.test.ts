import { setTimeout as delay } from "node:timers/promises";
import {
  alice,
  type Counter,
  type CounterView,
  counterGame,
  facts,
  move,
  newCounter,
} from "@turnkeep/conformance/counter-game";
import { isTurnkeepError } from "@turnkeep/core";
import { patienceMs, startRedisCluster, startSentinelGroup } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Sequelize } from "sequelize";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createGameStateManager } from "./create-manager.js";
import type { GameStateManager } from "./manager.js";

const schema = uniqueName("topologies");
let sequelize: Sequelize;

beforeAll(async () => {
  sequelize = new Sequelize(testServers().databaseUrl, { logging: false });
  await createSqlStore({ sequelize, schema }).migrate();
});
afterAll(async () => {
  await sequelize.query(`DROP SCHEMA "${schema}" CASCADE`);
  await sequelize.close();
});

type Manager = GameStateManager<Counter, CounterView>;

async function startManager(redisUrl: string): Promise<Manager> {
  const cache = createRedisCache({ url: redisUrl, connectTimeoutMs: patienceMs });
  const store = createSqlStore({ sequelize, schema });
  const manager = createGameStateManager({ game: counterGame, cache, store, flushWithinMs: 100 });
  await manager.start();
  return manager as Manager;
}

/** Every fourth move ends the turn, so that it is durable. */
const isDurable = (n: number) => n % 4 === 3;
const play = (name: string, n: number) => (state: Counter) => {
  const moved = move(name)(state);
  return isDurable(n) ? { ...moved, state: { ...moved.state, turn: state.turn + 1 } } : moved;
};

/** Tries again with the same write id for as long as a store is away, as clients do. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const passes = isTurnkeepError(error, "CacheUnavailable") || isTurnkeepError(error, "StoreUnavailable");
      if (!passes || performance.now() > deadline) throw error;
      await delay(20);
    }
  }
}

/** Plays until it is stopped, alternating between the servers; the names of all moves that are acknowledged go into `done`. */
async function playUntil(servers: readonly Manager[], gameId: string, done: string[], stop: () => boolean) {
  for (let n = 0; !stop() || n % 4 !== 0; n++) {
    const name = `m${n}`;
    const manager = servers[n % servers.length] as Manager;
    await insist(() => manager.update(gameId, play(name, n), { writeId: `write-${gameId}-${n}` }));
    done.push(name);
  }
}

/** Resolves once each game has made so many more moves. */
type Moves = (count: number) => Promise<void>;

/** Plays ten games on two servers while this happens to Redis; then ends them, and compares all with the history. */
async function playThrough(redisUrl: string, fault: (gameIds: readonly string[], movesOn: Moves) => Promise<void>) {
  const servers = [await startManager(redisUrl), await startManager(redisUrl)];
  const [first] = servers as [Manager, Manager];
  try {
    const gameIds = await Promise.all(
      Array.from({ length: 10 }, async () => (await first.createGame(newCounter(), facts)).state.gameId),
    );
    let over = false;
    const played = gameIds.map((): string[] => []);
    const playing = gameIds.map((gameId, n) => playUntil(servers, gameId, played[n] ?? [], () => over));
    const movesOn: Moves = async (count) => {
      const before = played.map(({ length }) => length);
      const each = async () => expect(played.every(({ length }, n) => length >= (before[n] ?? 0) + count)).toBe(true);
      await vi.waitFor(each, { interval: 10 });
    };
    // What fails while the fault lasts is reported where it is awaited.
    for (const each of playing) each.catch(() => undefined);
    await movesOn(3);
    await fault(gameIds, movesOn);
    await movesOn(5);
    over = true;
    const recovered = await insist(() => first.recoverActiveGames());
    expect(recovered).toMatchObject({ total: gameIds.length, failed: [] });
    await Promise.all(playing);
    let lost = 0;
    for (const [index, gameId] of gameIds.entries()) {
      const acknowledged = played[index] ?? [];
      const outcome = { endReason: "prizes", winnerIds: [alice], winnerIsNpc: false } as const;
      await insist(() => first.endGame(gameId, outcome));
      const replay = await first.getReplay(gameId, { playerId: alice });
      const kept = (replay?.log ?? []).map((entry) => (entry as { move: string }).move);
      expect(kept).toEqual(acknowledged.filter((name) => kept.includes(name)));
      for (const [n, name] of acknowledged.entries()) if (isDurable(n)) expect(kept).toContain(name);
      lost += acknowledged.length - kept.length;
      expect(await first.loadState(gameId)).toBeNull();
    }
    return { lost };
  } finally {
    await Promise.all(servers.map((manager) => manager.close()));
  }
}

test("behind Sentinel: a killed master is replaced, no durable move is lost, and play goes on without a fork", async () => {
  const group = await startSentinelGroup();
  try {
    const hosts = group.sentinels.map(({ host, port }) => `${host}:${port}`).join(",");
    await playThrough(`redis-sentinel://${hosts}/${group.name}`, async () => {
      const old = await group.masterPort();
      await group.serverAt(old).kill();
      await group.untilFailedOver(old);
    });
  } finally {
    await group.stop();
  }
});

test("on a Cluster of six: slots move and a master is killed under play", async () => {
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  try {
    const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(",");
    await playThrough(`redis-cluster://${hosts}`, async ([moving = "", dying = ""], movesOn) => {
      const slot = await cluster.slotOf(`game:${moving}`);
      const from = await cluster.masterOf(slot);
      const others = await Promise.all([0, 6_000, 16_383].map((each) => cluster.masterOf(each)));
      const to = others.find((port) => port !== from) ?? from;
      await cluster.moveSlot(slot, to, () => delay(100)); // Moves in the middle of it have to be tried again.
      await movesOn(1);
      const lost = await cluster.slotOf(`game:${dying}`);
      const old = await cluster.masterOf(lost);
      await cluster.serverAt(old).kill();
      await cluster.untilFailedOver(lost, old);
    });
  } finally {
    await cluster.stop();
  }
});
