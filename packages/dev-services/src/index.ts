export { freePort } from "./free-port.js";
export type { RunningServer } from "./running-server.js";
export { isAlive } from "./server-process.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
export { type RedisOptions, startRedis } from "./start-redis.js";
