import { expect, test } from "vitest";
import { isAlive } from "../owned-process.mjs";
import { callRedis } from "./redis-admin.js";
import { startRedisCluster } from "./start-redis-cluster.js";
import { startSentinelGroup } from "./start-sentinel-group.js";

test("three Sentinels replace a killed master by one of its two replicas, and take it back as a replica", async () => {
  const group = await startSentinelGroup();
  try {
    const old = await group.masterPort();
    await callRedis(old, "SET", "kept", "42");
    await callRedis(old, "WAIT", 2, 60_000);
    const { pid, kill } = group.serverAt(old);
    await kill();
    expect(isAlive(pid)).toBe(false);
    const promoted = await group.untilFailedOver(old);
    expect(await callRedis(promoted, "GET", "kept")).toBe("42");
    await group.restart(old);
    await expect.poll(() => callRedis(old, "ROLE")).toMatchObject({ 0: "slave", 2: promoted });
  } finally {
    await group.stop();
  }
});

test("six Cluster nodes move a slot, and replace a killed master by its replica", async () => {
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  try {
    const [slot, key] = [12_182, "foo"];
    const old = await cluster.masterOf(slot);
    await callRedis(old, "SET", key, "42");
    const other = await cluster.masterOf(0);
    await cluster.moveSlot(slot, other);
    expect(await cluster.masterOf(slot)).toBe(other);
    expect(await callRedis(other, "GET", key)).toBe("42");
    await callRedis(other, "WAIT", 1, 60_000);
    await cluster.serverAt(other).kill();
    const promoted = await cluster.untilFailedOver(slot, other);
    await expect.poll(() => callRedis(promoted, "GET", key)).toBe("42");
  } finally {
    await cluster.stop();
  }
});
