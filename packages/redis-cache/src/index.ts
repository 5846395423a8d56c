export { createRedisCache } from "./cache.js";
export { type ConnectedMasters, connectMasters } from "./connect-masters.js";
export type { RedisClient } from "./connection/client.js";
export { optionsSchema as redisCacheOptions, type RedisCacheOptions, type WarningListener } from "./options.js";
