import type { FaultRow } from "../fault-row.js";
import { archiveKilled } from "./archive-killed.js";
import { backendKilled } from "./backend-killed.js";
import { skewedServer } from "./clock-skew.js";
import { clusterFailover } from "./cluster-failover.js";
import { longPausedDaemon, shortlyPausedDaemon } from "./daemon-paused.js";
import { deadlock } from "./deadlock.js";
import { diskFull } from "./disk-full.js";
import { failoverAndBack } from "./failover-and-back.js";
import { flushAll } from "./flush-all.js";
import { halfOpen } from "./half-open.js";
import { laggingReplica } from "./lagging-replica.js";
import { outOfMemory } from "./out-of-memory.js";
import { partition } from "./partition.js";
import { poison } from "./poison.js";
import { postgresKilled } from "./postgres-killed.js";
import { postgresSlow } from "./postgres-slow.js";
import { redisEmpty } from "./redis-empty.js";
import { redisHangs } from "./redis-hangs.js";
import { redisKilled } from "./redis-killed.js";
import { redisRewound } from "./redis-rewound.js";
import { replyLost } from "./reply-lost.js";
import { scriptsFlushed } from "./scripts-flushed.js";
import { sentinelFailover } from "./sentinel-failover.js";
import { serverKilled } from "./server-killed.js";
import { slotMoves } from "./slot-moves.js";
import { twoMasters } from "./two-masters.js";
import { twoRecoverers } from "./two-recoverers.js";

/** Every row of the fault table, in its order. */
export const faultRows: readonly FaultRow[] = [
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
  postgresKilled,
  backendKilled,
  postgresSlow,
  deadlock,
  diskFull,
  serverKilled,
  shortlyPausedDaemon,
  longPausedDaemon,
  twoRecoverers,
  archiveKilled,
  poison,
  skewedServer,
  partition,
];
