export { createRedisCache } from "./cache.js";
export type { RedisClient } from "./connection/client.js";
export { type ConnectedMasters, connectMasters } from "./connection/connect-masters.js";
export { optionsSchema as redisCacheOptions, type RedisCacheOptions, type WarningListener } from "./options.js";
