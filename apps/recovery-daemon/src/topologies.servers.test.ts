import { startRedisCluster, startSentinelGroup } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterEach, expect, test } from "vitest";
import { DaemonProcess } from "./testing/daemon-process.js";
import { createGame, daemonEnvironment, Rows, startDoomedServer, until, writeBehind } from "./testing/playground.js";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

/** Leaves unflushed games behind before and after the master of a game fails over; the daemon brings all to Postgres. */
async function watchOver(redisUrl: string, failOver: (gameId: string) => Promise<unknown>): Promise<void> {
  const schema = uniqueName("topology");
  const place = { databaseUrl: testServers().databaseUrl, redisUrl, schema, keyPrefix: "" };
  const rows = new Rows(place);
  cleanUp.push(() => rows.end());
  const { manager, vanish } = await startDoomedServer(place);
  cleanUp.push(vanish);
  const one = new DaemonProcess(daemonEnvironment(place, { BACKOFF_MAX_MS: "200" }));
  cleanUp.push(() => one.kill());
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

test("the daemon follows Sentinels to the new master", async () => {
  const group = await startSentinelGroup();
  cleanUp.push(() => group.stop());
  const hosts = group.sentinels.map(({ host, port }) => `${host}:${port}`).join(",");
  await watchOver(`redis-sentinel://${hosts}/${group.name}`, async () => {
    const old = await group.masterPort();
    await group.serverAt(old).kill();
    await group.untilFailedOver(old);
  });
});

test("the daemon looks after all slots of a Cluster, through a failover of one", async () => {
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  cleanUp.push(() => cluster.stop());
  const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(",");
  await watchOver(`redis-cluster://${hosts}`, async (gameId) => {
    const slot = await cluster.slotOf(`game:${gameId}`);
    const old = await cluster.masterOf(slot);
    await cluster.serverAt(old).kill();
    await cluster.untilFailedOver(slot, old);
  });
});
