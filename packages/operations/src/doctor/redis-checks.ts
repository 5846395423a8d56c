import { type Check, fail, mebibytes, unless, warn } from "./check.js";
import type { RedisFacts } from "./redis-facts.js";

const oldestMajor = 7;
/** An acknowledgement comes every second. */
const longestReplicaLagSeconds = 2;
const shortestIdleSeconds = 60;

const number = (facts: RedisFacts, name: string): number | null => {
  const text = facts.info.get(name);
  return text === undefined ? null : Number(text);
};

/** Replicas that are connected, as `INFO replication` lists them. */
function replicasOf({ info }: RedisFacts): readonly { readonly state: string; readonly lag: number }[] {
  return [...info].flatMap(([name, text]) => {
    if (!/^slave\d+$/.test(name)) return [];
    const fields = new Map(text.split(",").map((pair) => pair.split("=") as [string, string]));
    return [{ state: fields.get("state") ?? "", lag: Number(fields.get("lag") ?? 0) }];
  });
}

/** What is checked of each master. */
export const redisChecks: readonly Check<RedisFacts>[] = [
  {
    id: "redis-version",
    wants: "Redis 7.0 or newer, or Valkey",
    breaks: "no server and no daemon starts",
    mend: "upgrade Redis",
    look: ({ info }) => {
      const version = info.get("redis_version");
      if (version === undefined) return null;
      return unless(Number.parseInt(version, 10) >= oldestMajor, fail, version);
    },
  },
  {
    id: "redis-role",
    wants: "the address is that of a master",
    breaks: "a replica refuses every write",
    mend: "give the master's address, or that of the Sentinels",
    look: ({ info }) => {
      const role = info.get("role");
      return role === undefined ? null : unless(role === "master", fail, `role ${role}`);
    },
  },
  {
    id: "redis-cluster-state",
    wants: "every slot of a Cluster is served",
    breaks: "games of slots that no node serves cannot be played",
    mend: "see CLUSTER INFO; bring the failed masters back, or promote their replicas",
    look: ({ info }) => {
      const state = info.get("cluster_state");
      return state === undefined ? null : unless(state === "ok", fail, `cluster_state ${state}`);
    },
  },
  {
    id: "redis-eviction",
    wants: "maxmemory-policy is noeviction, or a volatile- one",
    breaks: "Redis may evict games that are not saved yet; programs refuse to start",
    mend: "CONFIG SET maxmemory-policy noeviction, and in redis.conf",
    look: ({ info }) => {
      const policy = info.get("maxmemory_policy");
      if (policy === undefined) return null;
      return unless(policy === "noeviction" || policy.startsWith("volatile-"), fail, policy);
    },
  },
  {
    id: "redis-max-memory",
    wants: "maxmemory is set",
    breaks: "without a bound the kernel kills a Redis that grows, and writes since the last flush are lost",
    mend: "CONFIG SET maxmemory to about 70 % of what the machine has, and in redis.conf",
    look: (facts) => {
      const most = number(facts, "maxmemory");
      return most === null ? null : unless(most > 0, warn, most > 0 ? mebibytes(most) : "no bound");
    },
  },
  {
    id: "redis-memory",
    wants: "a quarter of maxmemory is free",
    breaks: "a full Redis refuses writes and loads; only flushes go on",
    mend: "raise maxmemory, or lower REDIS_TTL_MS so that clean copies leave sooner",
    look: (facts) => {
      const [used, most] = [number(facts, "used_memory"), number(facts, "maxmemory")];
      if (used === null || most === null || most === 0) return null;
      const found = `${mebibytes(used)} of ${mebibytes(most)} in use`;
      return unless(used <= most * 0.75, used > most * 0.95 ? fail : warn, found);
    },
  },
  {
    id: "redis-append-only",
    wants: "appendonly is on",
    breaks: "a restart of Redis loses all that Postgres does not have yet",
    mend: "CONFIG SET appendonly yes, and in redis.conf",
    look: ({ info }) => {
      const enabled = info.get("aof_enabled");
      return enabled === undefined ? null : unless(enabled === "1", warn, enabled === "1" ? "on" : "off");
    },
  },
  {
    id: "redis-append-fsync",
    wants: "appendfsync is everysec or always",
    breaks: "a machine that fails loses up to half a minute of the append-only file",
    mend: "CONFIG SET appendfsync everysec, and in redis.conf",
    look: ({ config }) => {
      const policy = config?.get("appendfsync");
      return policy === undefined ? null : unless(policy !== "no", warn, policy);
    },
  },
  {
    id: "redis-files",
    wants: "the last snapshot and the append-only file were written",
    breaks: "after a restart Redis comes back older; it may refuse writes already",
    mend: "see Redis's log: most often the disk is full, or the folder is gone or not writable",
    look: ({ info }) => {
      const names = ["rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status"];
      const bad = names.filter((name) => info.has(name) && info.get(name) !== "ok");
      return unless(bad.length === 0, fail, bad.length === 0 ? "written" : `${bad.join(", ")}: err`);
    },
  },
  {
    id: "redis-scripts-info",
    wants: "scripts may run INFO replication",
    breaks: "a failover or rewind cannot be noticed: every write is made durable, and a rewind may still lose one",
    mend: "ACL SETUSER … +info; a proxy or managed service that forbids it is not suitable",
    look: ({ scriptsReadInfo }) => unless(scriptsReadInfo, fail, scriptsReadInfo ? "they may" : "they may not"),
  },
  {
    id: "redis-config-readable",
    wants: "the user that runs this may read the configuration",
    breaks: "appendfsync, timeout and min-replicas-to-write are not looked at",
    mend: "run this as a user with +config|get; servers need no such right",
    look: ({ config }) => unless(config !== null, warn, config === null ? "CONFIG GET is refused" : "it may"),
  },
  {
    id: "redis-replica-lag",
    wants: `replicas are online, and no more than ${longestReplicaLagSeconds} s behind`,
    breaks: "a failover to a replica that lags loses its lag, as far as Postgres does not have it",
    mend: "see the replica's log, network and disk; resynchronise it",
    look: (facts) => {
      const behind = replicasOf(facts).filter(({ state, lag }) => state !== "online" || lag > longestReplicaLagSeconds);
      const found = behind.map(({ state, lag }) => `${state}, ${lag} s behind`).join("; ");
      return unless(behind.length === 0, warn, behind.length === 0 ? `${replicasOf(facts).length} replicas` : found);
    },
  },
  {
    id: "redis-min-replicas",
    wants: "a master that has replicas stops taking writes without them (min-replicas-to-write)",
    breaks: "a master that is cut off goes on beside the new one, and one side's writes are lost",
    mend: "CONFIG SET min-replicas-to-write 1, min-replicas-max-lag 10, and in redis.conf",
    look: (facts) => {
      const least = facts.config?.get("min-replicas-to-write");
      if (least === undefined || replicasOf(facts).length === 0) return null;
      return unless(Number(least) > 0, warn, least);
    },
  },
  {
    id: "redis-clients",
    wants: "a fifth of maxclients is free",
    breaks: "servers that start or reconnect are refused; each takes three connections",
    mend: "raise maxclients (and the limit of open files), or end clients that leak",
    look: (facts) => {
      const [open, most] = [number(facts, "connected_clients"), number(facts, "maxclients")];
      if (open === null || most === null) return null;
      return unless(open <= most * 0.8, warn, `${open} of ${most} in use`);
    },
  },
  {
    id: "redis-timeout",
    wants: `timeout is 0, or ${shortestIdleSeconds} s and more`,
    breaks: "quiet servers lose their connections all the time, and the next action waits for a new one",
    mend: "CONFIG SET timeout 0, and in redis.conf",
    look: ({ config }) => {
      const seconds = config?.get("timeout");
      if (seconds === undefined) return null;
      return unless(seconds === "0" || Number(seconds) >= shortestIdleSeconds, warn, `${seconds} s`);
    },
  },
  {
    id: "redis-script-limit",
    wants: "scripts may run for 1 s before others are answered BUSY (lua-time-limit)",
    breaks: "a large claim or a page of recovery makes other calls fail as if Redis were away",
    mend: "CONFIG SET lua-time-limit 5000, and in redis.conf",
    look: ({ config }) => {
      const ms = config?.get("lua-time-limit");
      return ms === undefined ? null : unless(ms === "0" || Number(ms) >= 1_000, warn, `${ms} ms`);
    },
  },
];
