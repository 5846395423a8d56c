export { downloadDebianPackages, withLibrariesOf } from "./download-debian-packages.js";
export { freePort } from "./free-port.js";
export { isAlive, type OwnedProcess, spawnOwned } from "./owned-process.mjs";
export type { RunningServer } from "./running-server.js";
export { type PostgresOptions, startPostgres } from "./start-postgres.js";
export { type RedisOptions, startRedis } from "./start-redis.js";
export { type ClusterOptions, type RedisCluster, startRedisCluster } from "./start-redis-cluster.js";
export { type SentinelGroup, type SentinelOptions, startSentinelGroup } from "./start-sentinel-group.js";
export { toolsFolder } from "./workspace-folder.js";
