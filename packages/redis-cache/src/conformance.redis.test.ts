import { cacheConformance } from "@turnkeep/conformance";
import { type RunningServer, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { createRedisCache } from "./index.js";
import { conformanceHooks } from "./testing/conformance-hooks.js";
import { patient } from "./testing/fixtures.js";

// A server of its own: the suite makes it take another identity, as a failover does.
const keyPrefix = "conformance:";
let server: RunningServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis({ extraArgs: ["--enable-debug-command", "local"] });
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

cacheConformance({
  name: "Redis",
  createCache: () => createRedisCache({ url: server.url, keyPrefix, ...patient }),
  ...conformanceHooks(() => redis, keyPrefix, false),
  changeEpoch: async () => {
    await redis.call("DEBUG", "CHANGE-REPL-ID");
  },
  flushAll: async () => void (await redis.flushall()),
});
