import { type Check, fail, mebibytes, unless, warn } from "./check.js";
import type { PostgresFacts } from "./postgres-facts.js";

const oldestVersion = 130_000;
const leastConnectionsFree = 0.2;
const longestIdleLimitMs = 10_000;

/** A check of one setting. */
function setting(
  check: Omit<Check<PostgresFacts>, "look">,
  name: string,
  isWell: (value: string) => boolean,
  worse: (found: string) => ReturnType<typeof fail>,
): Check<PostgresFacts> {
  return {
    ...check,
    look: ({ settings }) => {
      const value = settings.get(name);
      return value === undefined ? null : unless(isWell(value), worse, `${name} = ${value}`);
    },
  };
}

const isOn = (value: string) => value === "on";
const isOff = (value: string) => value === "off";
const isLimited = (value: string) => value !== "0";
const isLong = (value: string) => value === "0" || Number(value) >= longestIdleLimitMs;

/** What is checked of the server, and of what the role and the database may do there. */
export const postgresChecks: readonly Check<PostgresFacts>[] = [
  setting(
    {
      id: "postgres-version",
      wants: "Postgres 13 or newer",
      breaks: "no server and no daemon starts",
      mend: "upgrade Postgres",
    },
    "server_version_num",
    (value) => Number(value) >= oldestVersion,
    fail,
  ),
  {
    id: "postgres-encoding",
    wants: "the database is in UTF8",
    breaks: "no server and no daemon starts: names and states are of any language",
    mend: "create the database with ENCODING 'UTF8' and bring the games over",
    look: ({ encoding }) => unless(encoding === "UTF8", fail, encoding),
  },
  {
    id: "postgres-standby",
    wants: "the address is that of the primary",
    breaks: "a standby refuses every write",
    mend: "give the primary's address",
    look: ({ isStandby }) => unless(!isStandby, fail, isStandby ? "a standby" : "a primary"),
  },
  setting(
    {
      id: "postgres-read-only",
      wants: "transactions may write",
      breaks: "every durable write fails",
      mend: "ALTER ROLE … RESET default_transaction_read_only, and so for the database",
    },
    "default_transaction_read_only",
    isOff,
    fail,
  ),
  setting(
    {
      id: "postgres-fsync",
      wants: "fsync is on",
      breaks: "a machine that fails takes acknowledged turns with it, and may leave the database unusable",
      mend: "ALTER SYSTEM SET fsync = on; then reload",
    },
    "fsync",
    isOn,
    fail,
  ),
  setting(
    {
      id: "postgres-full-page-writes",
      wants: "full_page_writes is on",
      breaks: "a machine that fails may leave torn pages: games that cannot be read",
      mend: "ALTER SYSTEM SET full_page_writes = on; then reload",
    },
    "full_page_writes",
    isOn,
    fail,
  ),
  setting(
    {
      id: "postgres-synchronous-commit",
      wants: "synchronous_commit is on for this role and database",
      breaks: "an acknowledged turn is lost if Postgres fails within the next moments",
      mend: "ALTER SYSTEM (or ROLE, or DATABASE) SET synchronous_commit = on",
    },
    "synchronous_commit",
    (value) => value !== "off",
    fail,
  ),
  {
    id: "postgres-asynchronous-standby",
    wants: "one of the standbys is synchronous",
    breaks: "a failover to an asynchronous standby loses the last acknowledged turns",
    mend: "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (…)'; then reload",
    look: ({ standbys }) => {
      const known = standbys.filter((state) => state !== null);
      if (known.length === 0) return null;
      return unless(
        known.some((state) => state === "sync" || state === "quorum"),
        warn,
        known.join(", "),
      );
    },
  },
  {
    id: "postgres-standby-missing",
    wants: "a standby is connected where commits wait for one",
    breaks: "every commit waits for ever: no turn is acknowledged",
    mend: "start the standby, or take it out of synchronous_standby_names",
    look: ({ settings, standbys }) => {
      const names = settings.get("synchronous_standby_names") ?? "";
      const waits = names !== "" && !/^(off|local)$/.test(settings.get("synchronous_commit") ?? "");
      if (!waits) return null;
      return unless(standbys.length > 0, fail, `${standbys.length} standbys are connected`);
    },
  },
  {
    id: "postgres-idle-slots",
    wants: "each replication slot is read",
    breaks: "a slot that nothing reads keeps the write-ahead log until the disk is full, and every write fails",
    mend: "start what reads it, or SELECT pg_drop_replication_slot('…')",
    look: ({ idleSlots }) => {
      const found = idleSlots.map(({ name, bytes }) => `${name} keeps ${mebibytes(bytes)}`).join("; ");
      return unless(idleSlots.length === 0, warn, found || "all are");
    },
  },
  setting(
    {
      id: "postgres-isolation",
      wants: "the default isolation is read committed",
      breaks: "statements fail when games are written side by side, and are run again and again",
      mend: "ALTER ROLE … RESET default_transaction_isolation, and so for the database",
    },
    "default_transaction_isolation",
    (value) => value === "read committed",
    warn,
  ),
  setting(
    {
      id: "postgres-autovacuum",
      wants: "autovacuum is on",
      breaks: "the table of live games grows without end, and flushes get slow",
      mend: "ALTER SYSTEM SET autovacuum = on; then reload",
    },
    "autovacuum",
    isOn,
    warn,
  ),
  setting(
    {
      id: "postgres-track-counts",
      wants: "track_counts is on",
      breaks: "autovacuum does not see what is dead, so it does nothing",
      mend: "ALTER SYSTEM SET track_counts = on; then reload",
    },
    "track_counts",
    isOn,
    warn,
  ),
  setting(
    {
      id: "postgres-statement-timeout",
      wants: "statements have a time limit",
      breaks: "a statement that hangs holds its connection, and the games of its batch wait",
      mend: "DATABASE_STATEMENT_TIMEOUT_MS; behind a pooler ALTER ROLE … SET statement_timeout = '10s'",
    },
    "statement_timeout",
    isLimited,
    warn,
  ),
  setting(
    {
      id: "postgres-lock-timeout",
      wants: "waiting for a lock has a time limit",
      breaks: "a call about a locked game holds its connection until the lock is gone",
      mend: "DATABASE_LOCK_TIMEOUT_MS; behind a pooler ALTER ROLE … SET lock_timeout = '5s'",
    },
    "lock_timeout",
    isLimited,
    warn,
  ),
  setting(
    {
      id: "postgres-idle-session",
      wants: "idle connections stay open (idle_session_timeout)",
      breaks: "quiet servers lose their connections all the time, and the next turn waits for a new one",
      mend: "ALTER ROLE … SET idle_session_timeout = 0",
    },
    "idle_session_timeout",
    isLong,
    warn,
  ),
  setting(
    {
      id: "postgres-idle-transaction",
      wants: "idle_in_transaction_session_timeout is 0, or 10 s and more",
      breaks: "Postgres ends transactions between two statements on a busy machine, and their calls fail",
      mend: "ALTER ROLE … SET idle_in_transaction_session_timeout = '60s'",
    },
    "idle_in_transaction_session_timeout",
    isLong,
    warn,
  ),
  setting(
    {
      id: "postgres-transaction-timeout",
      wants: "transaction_timeout is 0, or 10 s and more",
      breaks: "Postgres ends large batches and archives in the middle, again and again",
      mend: "ALTER ROLE … SET transaction_timeout = 0",
    },
    "transaction_timeout",
    isLong,
    warn,
  ),
  {
    id: "postgres-connections",
    wants: "a fifth of max_connections is free, and the pool of another process fits in",
    breaks: "servers that start are refused, and turns wait for connections",
    mend: "raise max_connections, lower DATABASE_POOL_SIZE, or put a pooler in between",
    look: ({ settings, connections, poolSize }) => {
      const all = Number(settings.get("max_connections"));
      const usable = all - Number(settings.get("superuser_reserved_connections") ?? 0);
      const free = usable - connections;
      const isWell = free >= usable * leastConnectionsFree && free >= poolSize;
      return unless(isWell, warn, `${connections} of ${usable} in use; a process opens up to ${poolSize}`);
    },
  },
  {
    id: "postgres-connection-limits",
    wants: "role and database allow as many connections as one process may open",
    breaks: "the pool cannot fill: turns wait for connections though Postgres has some",
    mend: "ALTER ROLE … CONNECTION LIMIT -1, ALTER DATABASE … CONNECTION LIMIT -1, or lower DATABASE_POOL_SIZE",
    look: ({ roleLimit, databaseLimit, poolSize }) => {
      const limits = [roleLimit, databaseLimit].filter((limit) => limit >= 0);
      const least = Math.min(...limits);
      return unless(limits.length === 0 || least >= poolSize, fail, limits.length === 0 ? "no limit" : `${least}`);
    },
  },
];
