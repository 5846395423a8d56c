import { clusterFailover } from "./failover/cluster-failover.js";
import { failoverAndBack } from "./failover/failover-and-back.js";
import { laggingReplica } from "./failover/lagging-replica.js";
import { sentinelFailover } from "./failover/sentinel-failover.js";
import { slotMoves } from "./failover/slot-moves.js";
import { twoMasters } from "./failover/two-masters.js";
import { halfOpen } from "./network/half-open.js";
import { partition } from "./network/partition.js";
import { replyLost } from "./network/reply-lost.js";
import { backendKilled } from "./postgres/backend-killed.js";
import { bigCopies } from "./postgres/big-copies.js";
import { deadlock } from "./postgres/deadlock.js";
import { diskFull } from "./postgres/disk-full.js";
import { lockedRows } from "./postgres/locked-rows.js";
import { postgresFailover } from "./postgres/postgres-failover.js";
import { postgresKilled } from "./postgres/postgres-killed.js";
import { bothRestored, postgresRestored } from "./postgres/postgres-restored.js";
import { postgresSlow } from "./postgres/postgres-slow.js";
import { saturated } from "./postgres/saturated.js";
import { flushAll } from "./redis/flush-all.js";
import { outOfMemory } from "./redis/out-of-memory.js";
import { poison } from "./redis/poison.js";
import { redisEmpty } from "./redis/redis-empty.js";
import { redisHangs } from "./redis/redis-hangs.js";
import { redisKilled } from "./redis/redis-killed.js";
import { redisRewound } from "./redis/redis-rewound.js";
import { scriptsFlushed } from "./redis/scripts-flushed.js";
import { twoDeployments } from "./redis/two-deployments.js";
import type { Scenario } from "./scenario.js";
import { archiveKilled } from "./servers/archive-killed.js";
import { badDeploy } from "./servers/bad-deploy.js";
import { skewedServer } from "./servers/clock-skew.js";
import { longPausedDaemon, shortlyPausedDaemon } from "./servers/daemon-paused.js";
import { serverKilled } from "./servers/server-killed.js";
import { twoRecoverers } from "./servers/two-recoverers.js";
import { verifiedPlay } from "./servers/verified-play.js";

/** Every scenario, in the order of the report. */
export const allScenarios: readonly Scenario[] = [
  redisKilled,
  redisEmpty,
  redisRewound,
  laggingReplica,
  failoverAndBack,
  sentinelFailover,
  clusterFailover,
  twoMasters,
  redisHangs,
  replyLost,
  halfOpen,
  slotMoves,
  scriptsFlushed,
  outOfMemory,
  flushAll,
  twoDeployments,
  postgresKilled,
  backendKilled,
  postgresSlow,
  saturated,
  deadlock,
  lockedRows,
  bigCopies,
  diskFull,
  postgresRestored,
  bothRestored,
  postgresFailover,
  serverKilled,
  shortlyPausedDaemon,
  longPausedDaemon,
  twoRecoverers,
  verifiedPlay,
  archiveKilled,
  poison,
  badDeploy,
  skewedServer,
  partition,
];
