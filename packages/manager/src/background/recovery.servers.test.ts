import { type Counter, counterGame, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { patienceMs, startRedisCluster } from "@turnkeep/dev-services";
import { createRedisCache } from "@turnkeep/redis-cache";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createGameStateManager } from "../create-manager.js";
import { openRealWorld, type RealWorld } from "../test/support/real-world.js";
import { mapLimit } from "../util/limiter.js";

const games = 2_000;

let world: RealWorld;
beforeAll(async () => {
  world = await openRealWorld();
});
afterEach(async () => {
  await world.closeServers();
  await world.sequelize.query(`TRUNCATE "${world.schema}".active_games`);
});
afterAll(() => world.close());

/** Live games that only the store has; some are larger than a page is to be. */
async function inTheStore(): Promise<string[]> {
  const states = Array.from({ length: games }, (_, n): Counter => {
    return newCounter(undefined, { moves: [`of ${n}`, n % 100 === 0 ? "large".repeat(50_000) : "small"] });
  });
  await mapLimit(states, 16, (state) =>
    world.store.create({
      ...{ gameId: state.gameId, state: JSON.stringify(state), schemaVersion: 1, turnNumber: 1, dueAt: null },
      ...{ writeId: `create-${state.gameId}`, gameType: facts.gameType, playerIds: state.players, npcId: null },
      ...{ rules: "{}", rulesVersion: 1 },
    }),
  );
  return states.map(({ gameId }) => gameId);
}

test("two recoveries of 2,000 games at once, while some are played: all are there, and nothing newer is overwritten", async () => {
  const ids = await inTheStore();
  const [one, two, player] = [await world.server(), await world.server(), await world.server()];
  const played = ids.filter((_, n) => n % 20 === 0);
  const progress: number[] = [];
  const [first, second] = await Promise.all([
    one.manager.recoverActiveGames({ onProgress: ({ done }) => progress.push(done) }),
    two.manager.recoverActiveGames(),
    mapLimit(played, 4, (gameId) => player.manager.update(gameId, move("meanwhile"))),
  ]);
  for (const result of [first, second]) expect(result).toMatchObject({ total: games, failed: [] });
  expect(progress.at(-1)).toBe(games);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(await player.manager.recoverActiveGames()).toMatchObject({ recovered: 0, alreadyThere: games });
  for (const gameId of played) {
    expect((await two.manager.loadState(gameId))?.state.moves.slice(2)).toEqual(["meanwhile"]);
  }
  expect(await one.manager.flushDue()).toMatchObject({ failed: 0 });
});

test("rows that other transactions hold are recovered after the others, once they are free", async () => {
  const ids = await inTheStore();
  const { manager } = await world.server();
  const transaction = await world.sequelize.transaction();
  for (const gameId of ids.slice(0, 30)) await world.store.lock(gameId, { transaction });
  const recovery = manager.recoverActiveGames({
    onProgress: ({ done }) => {
      if (done === games) void transaction.commit();
    },
  });
  expect(await recovery).toMatchObject({ recovered: games, failed: [] });
});

test("2,000 games are recovered on a Cluster", async () => {
  const ids = await inTheStore();
  const cluster = await startRedisCluster({ masters: 3, replicas: 0 });
  try {
    const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(",");
    const open = () => createRedisCache({ url: `redis-cluster://${hosts}`, connectTimeoutMs: patienceMs });
    const { store } = await world.server();
    const manager = createGameStateManager({ game: counterGame, cache: open(), store: store.port, runFlusher: false });
    await manager.start();
    expect(await manager.recoverActiveGames()).toMatchObject({ recovered: games, failed: [] });
    expect(await manager.recoverActiveGames()).toMatchObject({ recovered: 0, alreadyThere: games });
    expect((await manager.loadState(ids[7] ?? ""))?.state.moves).toEqual(["of 7", "small"]);
    await manager.close();
  } finally {
    await cluster.stop();
  }
});
