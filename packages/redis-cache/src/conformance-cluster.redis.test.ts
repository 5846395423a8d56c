import { cacheConformance } from "@turnkeep/conformance";
import { Cluster } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { createRedisCache } from "./index.js";
import { conformanceHooks } from "./testing/conformance-hooks.js";
import { type RedisCluster, startRedisCluster } from "./testing/redis-cluster.js";

const keyPrefix = "conformance:";
let cluster: RedisCluster;
let client: Cluster;

beforeAll(async () => {
  cluster = await startRedisCluster(3);
  client = new Cluster([...cluster.nodes]);
});
afterAll(async () => {
  client?.disconnect();
  await cluster?.stop();
});

cacheConformance({
  name: "Redis Cluster",
  createCache: () => createRedisCache({ client, keyPrefix, discoverTagsEveryMs: 0, connectTimeoutMs: 10_000 }),
  ...conformanceHooks(() => client, keyPrefix, true),
  keepsOneIndex: false,
});
