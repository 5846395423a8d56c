import type { Cache } from "@turnkeep/core/ports";
import { parseOptions, type RedisCacheOptions } from "./options.js";
import { RedisCache } from "./redis-cache.js";

/**
 * The cache port on one Redis (also behind Sentinel), on Valkey, or on a Redis Cluster. Nothing is connected before
 * `start()`, which opens three connections of its own, also where a client is given: that says how to connect, and is
 * never closed.
 * @throws InvalidInput for options that are unsound, Misconfigured for a client with a `keyPrefix` of its own
 * @example
 * const cache = createRedisCache({ url: "redis://localhost:6379" });
 * await cache.start();
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  return new RedisCache(parseOptions(options));
}
