export { createRedisCache } from "./create-redis-cache.js";
export type { RedisCacheOptions, RedisClient, WarningListener } from "./options.js";
