export { downloadDebianPackages, withLibrariesOf } from "./download-debian-packages.js";
export { freePort } from "./free-port.js";
export { isAlive, type OwnedProcess, spawnOwned } from "./owned-process.mjs";
export type { RunningServer } from "./running-server.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
export { type RedisOptions, startRedis } from "./start-redis.js";
export { toolsFolder } from "./workspace-folder.js";
