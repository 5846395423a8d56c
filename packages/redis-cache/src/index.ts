export { createRedisCache } from "./cache.js";
export type { RedisClient } from "./connection/client.js";
export type { RedisCacheOptions, WarningListener } from "./options.js";
