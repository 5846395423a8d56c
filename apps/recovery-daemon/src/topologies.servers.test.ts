import { type RedisCluster, type SentinelGroup, startRedisCluster, startSentinelGroup } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { expect, type TestContext, test } from "vitest";
import { DaemonProcess } from "./testing/daemon-process.js";
import { createGame, daemonEnvironment, Rows, startDoomedServer, until, writeBehind } from "./testing/playground.js";
import { runCommand } from "./testing/run-command.js";

/** A place of its own on this Redis, with a server that plays there. */
async function openPlace({ onTestFinished }: TestContext, redisUrl: string) {
  const schema = uniqueName("topology");
  const place = { databaseUrl: testServers().databaseUrl, redisUrl, schema, keyPrefix: "" };
  const rows = new Rows(place);
  onTestFinished(() => rows.end());
  const { manager, vanish } = await startDoomedServer(place);
  onTestFinished(vanish);
  return { place, rows, manager };
}

/** Leaves unflushed games behind before and after the master of a game fails over; the daemon brings all to Postgres. */
async function watchOver(
  context: TestContext,
  redisUrl: string,
  failOver: (gameId: string) => Promise<unknown>,
): Promise<void> {
  const { place, rows, manager } = await openPlace(context, redisUrl);
  const one = new DaemonProcess(daemonEnvironment(place, { BACKOFF_MAX_MS: "200" }));
  context.onTestFinished(() => one.kill());
  await one.ready();

  const gameId = await createGame(manager);
  const before = await writeBehind(manager, gameId);
  await until("what was left is flushed", async () => (await rows.version(gameId)) === before);

  await failOver(gameId);
  let after = "";
  const write = async () => {
    after = await writeBehind(manager, gameId);
  };
  const written = () =>
    write().then(
      () => true,
      () => false,
    );
  await until("the new master takes writes", written);
  await until("what was left there is flushed", async () => (await rows.version(gameId)) === after);
  const health = await fetch(`${await one.address()}/readyz`);
  expect(await health.json()).toMatchObject({ cache: "up", store: "up", lease: "held" });
}

const sentinelUrl = ({ sentinels, name }: SentinelGroup) =>
  `redis-sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join(",")}/${name}`;
const clusterUrl = ({ nodes }: RedisCluster) =>
  `redis-cluster://${nodes.map(({ host, port }) => `${host}:${port}`).join(",")}`;

/** The commands that only look, by the program itself: each finds the games of all masters. */
async function lookAround(context: TestContext, redisUrl: string): Promise<void> {
  const { place, manager } = await openPlace(context, redisUrl);
  const games = await Promise.all(Array.from({ length: 12 }, () => createGame(manager)));
  const [lost = "", ...others] = games;
  const versions = await Promise.all(others.map((gameId) => writeBehind(manager, gameId)));
  const cache = createRedisCache({ url: redisUrl, keyPrefix: "" });
  context.onTestFinished(() => cache.close());
  await cache.start();
  await cache.evict(lost);

  const json = async (...args: readonly string[]) => {
    const { status, stdout, output } = await runCommand(place, [...args, "--json"]);
    const lines = stdout.split("\n").filter(Boolean);
    return { status, output, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };
  const verified = await json("verify");
  expect(verified, verified.output).toMatchObject({ status: 0, lines: [{ games: games.length, isWell: true }] });
  const dirty = await json("list", "--dirty");
  expect(dirty.lines.map(({ gameId }) => gameId)).toEqual(others.toSorted());
  const inspected = await json("inspect", others[0] ?? "");
  expect(inspected).toMatchObject({ status: 0, lines: [{ cache: { version: versions[0], dirty: true } }] });
  const plan = { games: games.length, missing: 1, there: others.length, examples: [lost] };
  expect(await json("recover", "--dry-run")).toMatchObject({ status: 0, lines: [plan] });
  expect(await json("quarantine", "list")).toMatchObject({ status: 0, lines: [] });
  const doctor = await json("doctor");
  expect([0, 3], doctor.output).toContain(doctor.status);
  expect(doctor.lines).toContainEqual(expect.objectContaining({ id: "redis-eviction", level: "ok" }));
  expect(doctor.lines.filter(({ id, level }) => level !== "ok" && String(id).endsWith("-start"))).toEqual([]);
  expect(await json("recover")).toMatchObject({ status: 0, lines: [{ recovered: 1, total: games.length }] });
}

test.concurrent("the commands look at all that a master behind Sentinels has", async (context) => {
  const group = await startSentinelGroup();
  context.onTestFinished(() => group.stop());
  await lookAround(context, sentinelUrl(group));
});

test.concurrent("the commands look at all masters of a Cluster", async (context) => {
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  context.onTestFinished(() => cluster.stop());
  await lookAround(context, clusterUrl(cluster));
});

test.concurrent("the daemon follows Sentinels to the new master", async (context) => {
  const group = await startSentinelGroup();
  context.onTestFinished(() => group.stop());
  await watchOver(context, sentinelUrl(group), async () => {
    const old = await group.masterPort();
    await group.serverAt(old).kill();
    await group.untilFailedOver(old);
  });
});

test.concurrent("the daemon looks after all slots of a Cluster, through a failover of one", async (context) => {
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  context.onTestFinished(() => cluster.stop());
  await watchOver(context, clusterUrl(cluster), async (gameId) => {
    const slot = await cluster.slotOf(`game:${gameId}`);
    const old = await cluster.masterOf(slot);
    await cluster.serverAt(old).kill();
    await cluster.untilFailedOver(slot, old);
  });
});
