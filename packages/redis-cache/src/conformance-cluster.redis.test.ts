import { cacheConformance } from "@turnkeep/conformance";
import { type RedisCluster, startRedisCluster } from "@turnkeep/dev-services";
import { Cluster } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { createRedisCache } from "./index.js";
import { conformanceHooks } from "./testing/conformance-hooks.js";
import { patient } from "./testing/fixtures.js";

const keyPrefix = "conformance:";
let cluster: RedisCluster;
let client: Cluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
  client = new Cluster([...cluster.nodes]);
});
afterAll(async () => {
  client?.disconnect();
  await cluster?.stop();
});

cacheConformance({
  name: "Redis Cluster",
  createCache: () => createRedisCache({ client, keyPrefix, advanced: { discoverPartsEveryMs: 0 }, ...patient }),
  ...conformanceHooks(() => client, keyPrefix, true),
  keepsOneIndex: false,
  // One of its masters is enough.
  flushAll: async () => void (await client.nodes("master").at(-1)?.flushall()),
});
