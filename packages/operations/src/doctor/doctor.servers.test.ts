import { readFileSync, rmSync } from "node:fs";
import { startPgBouncer, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Address, DoctorGround } from "../testing/doctor-ground.js";
import { doctorChecks } from "./examine.js";
import { indexNames } from "./schema-checks.js";

let ground: DoctorGround;
beforeAll(async () => {
  ground = await DoctorGround.open();
});
afterAll(() => ground?.close());

interface Planted {
  /** What the fault brings along. */
  readonly also?: readonly string[];
  readonly where?: Partial<Address>;
  readonly undo?: () => Promise<unknown>;
}
type Plant = () => Promise<Planted>;

/** A setting of Redis, and what it was. */
const redisSetting =
  (name: string, value: string | (() => Promise<string>)): Plant =>
  async () => {
    const [, before = ""] = (await ground.redis.config("GET", name)) as string[];
    await ground.redis.config("SET", name, typeof value === "string" ? value : await value());
    return { undo: () => ground.redis.config("SET", name, before) };
  };

/** What is in force for the role, as one session sees it. */
const roleSetting =
  (name: string, value: string): Plant =>
  async () => {
    await ground.run(`ALTER ROLE player SET ${name} = '${value}'`);
    return { where: { databaseUrl: ground.asPlayer }, undo: () => ground.run(`ALTER ROLE player RESET ${name}`) };
  };

/** A setting of the server, once it is in force. */
const serverSetting =
  (name: string, value: string): Plant =>
  async () => {
    const inForce = async () => String((await ground.admin.query(`SHOW ${name}`)).rows[0]?.[name]);
    const before = await inForce();
    const change = async (to: string) => {
      await ground.run(`ALTER SYSTEM SET ${name} = '${to}'`, "SELECT pg_reload_conf()");
      await vi.waitFor(async () => expect(await inForce()).toBe(to));
    };
    await change(value);
    return { undo: () => change(before) };
  };

const sql =
  (plant: string | readonly string[], undo: string | readonly string[], more: Planted = {}): Plant =>
  async () => {
    await ground.run(...[plant].flat());
    return { ...more, undo: () => ground.run(...[undo].flat()) };
  };

const proxied: Plant = async () => {
  const rules = ["on", ">pw", "~*", "&*", "+@all", "-info"];
  const sections = ["server", "clients", "memory", "persistence", "cluster"].map((section) => `+info|${section}`);
  await ground.redis.call("ACL", "SETUSER", "proxied", ...rules, ...sections);
  const redisUrl = ground.redisServer.url.replace("redis://", "redis://proxied:pw@");
  return { where: { redisUrl }, undo: () => ground.redis.call("ACL", "DELUSER", "proxied") };
};

const withReplica =
  (spoil: (replica: { readonly pid: number }) => Promise<Planted>): Plant =>
  async () => {
    const [host, port] = ["127.0.0.1", String(ground.redisServer.port)];
    const replica = await startRedis({ extraArgs: ["--replicaof", host, port] });
    await vi.waitFor(async () => expect(await ground.redis.info("replication")).toContain("state=online"));
    const { undo, ...planted } = await spoil(replica);
    return {
      ...planted,
      undo: async () => {
        await undo?.();
        await replica.stop();
      },
    };
  };

/** A thousand games. */
const churn = `
  INSERT INTO turnkeep.active_games
    (id, status, lineage, revision, fence, turn_number, game_type, player_ids, rules, state, schema_version, write_ids,
     log_count, started_at, last_action_at)
  SELECT gen_random_uuid(), 'live', 1, 1, 1, 1, 'duel', '{}', '{}', '{}', 1, '', 0, now(), now()
  FROM generate_series(1, 1000)`;
const tidy = ["DELETE FROM turnkeep.active_games", "VACUUM ANALYZE turnkeep.active_games"];
const forget = "SELECT pg_stat_reset()";

const plants: Readonly<Record<string, Plant>> = {
  "fail redis-start": async () => ({
    where: { redisUrl: ground.redisServer.url.replace("//", "//nobody:wrong-word@") },
  }),
  "fail postgres-start": async () => ({
    where: { databaseUrl: ground.postgres.url.replace(/\/\/[^@]*@/, "//turnkeep:wrong-word@") },
  }),
  "fail postgres-pooler": async () => {
    const pooler = await startPgBouncer(ground.postgres.url, { pool_mode: "transaction", default_pool_size: "4" });
    const limits = { statementTimeoutMs: 0, lockTimeoutMs: 0 };
    const also = ["warn postgres-lock-timeout", "warn postgres-statement-timeout"];
    return { where: { databaseUrl: pooler.url, limits }, also, undo: () => pooler.stop() };
  },
  "fail migrations-missing": sql(
    "DELETE FROM turnkeep.game_migrations WHERE name = '0007-quarantined'",
    "INSERT INTO turnkeep.game_migrations VALUES ('0007-quarantined')",
  ),
  "warn migrations-unknown": sql(
    "INSERT INTO turnkeep.game_migrations VALUES ('9999-later')",
    "DELETE FROM turnkeep.game_migrations WHERE name = '9999-later'",
  ),
  "fail schema-game": sql(
    "UPDATE turnkeep.game_deployment SET game = 'chess'",
    "UPDATE turnkeep.game_deployment SET game = 'doctors-game'",
    { also: ["fail redis-owner"] },
  ),
  "fail redis-owner": async () => {
    const before = await ground.redis.getset("deployment:{0}", "another/doctors-game");
    return { undo: () => ground.redis.set("deployment:{0}", before ?? "") };
  },
  "fail redis-role": async () => {
    await ground.redis.replicaof("127.0.0.1", 1);
    return { undo: () => ground.redis.replicaof("NO", "ONE") };
  },
  "fail redis-eviction": redisSetting("maxmemory-policy", "allkeys-lru"),
  "warn redis-max-memory": redisSetting("maxmemory", "0"),
  "fail redis-memory": redisSetting("maxmemory", async () => {
    const used = /used_memory:(\d+)/.exec(await ground.redis.info("memory"))?.[1];
    return String(Math.round(Number(used) * 1.03));
  }),
  "warn redis-append-only": redisSetting("appendonly", "no"),
  "warn redis-append-fsync": redisSetting("appendfsync", "no"),
  "fail redis-files": async () => {
    const server = await startRedis({ appendonly: true, extraArgs: ["--maxmemory", "256mb"] });
    rmSync(server.dataDir, { recursive: true });
    const redis = new Redis(server.url);
    await redis.bgsave();
    await vi.waitFor(async () => expect(await redis.info("persistence")).toContain("rdb_last_bgsave_status:err"));
    redis.disconnect();
    return { where: { redisUrl: server.url }, undo: () => server.kill() };
  },
  "fail redis-scripts-info": proxied,
  "warn redis-config-readable": async () => {
    await ground.redis.call("ACL", "SETUSER", "reader", "on", ">pw", "~*", "&*", "+@all", "-config");
    const redisUrl = ground.redisServer.url.replace("redis://", "redis://reader:pw@");
    return { where: { redisUrl }, undo: () => ground.redis.call("ACL", "DELUSER", "reader") };
  },
  "warn redis-replica-lag": withReplica(async ({ pid }) => {
    const { undo } = await redisSetting("min-replicas-to-write", "1")();
    process.kill(pid, "SIGSTOP");
    await vi.waitFor(async () => expect(await ground.redis.info("replication")).toMatch(/lag=[3-9]/));
    return {
      undo: async () => {
        process.kill(pid, "SIGCONT");
        await undo?.();
      },
    };
  }),
  "warn redis-min-replicas": withReplica(async () => ({})),
  "warn redis-clients": redisSetting("maxclients", "5"),
  "warn redis-timeout": redisSetting("timeout", "20"),
  "warn redis-script-limit": redisSetting("lua-time-limit", "50"),
  "fail postgres-read-only": roleSetting("default_transaction_read_only", "on"),
  "fail postgres-fsync": serverSetting("fsync", "off"),
  "fail postgres-full-page-writes": serverSetting("full_page_writes", "off"),
  "fail postgres-synchronous-commit": roleSetting("synchronous_commit", "off"),
  "warn postgres-asynchronous-standby": async () => {
    const standby = await receiver();
    return { undo: () => standby.end() };
  },
  "fail postgres-standby-missing": serverSetting("synchronous_standby_names", "nobody"),
  "warn postgres-idle-slots": sql(
    "SELECT pg_create_physical_replication_slot('left_behind', true)",
    "SELECT pg_drop_replication_slot('left_behind')",
  ),
  "warn postgres-isolation": roleSetting("default_transaction_isolation", "serializable"),
  "warn postgres-autovacuum": serverSetting("autovacuum", "off"),
  "warn postgres-track-counts": serverSetting("track_counts", "off"),
  "warn postgres-statement-timeout": async () => ({
    where: { limits: { statementTimeoutMs: 0, lockTimeoutMs: 5_000 } },
  }),
  "warn postgres-lock-timeout": async () => ({ where: { limits: { statementTimeoutMs: 5_000, lockTimeoutMs: 0 } } }),
  "warn postgres-idle-session": roleSetting("idle_session_timeout", "5s"),
  "warn postgres-idle-transaction": roleSetting("idle_in_transaction_session_timeout", "1s"),
  "warn postgres-transaction-timeout": roleSetting("transaction_timeout", "5s"),
  "warn postgres-connections": async () => {
    const clients = Array.from({ length: 80 }, () => new pg.Client(ground.postgres.url));
    await Promise.all(clients.map((client) => client.connect()));
    return { undo: () => Promise.all(clients.map((client) => client.end())) };
  },
  "fail postgres-connection-limits": async () => {
    await ground.run("ALTER ROLE player CONNECTION LIMIT 3");
    return {
      where: { databaseUrl: ground.asPlayer },
      undo: () => ground.run("ALTER ROLE player CONNECTION LIMIT -1"),
    };
  },
  "fail postgres-grants": async () => {
    await ground.run("REVOKE INSERT ON turnkeep.game_log FROM player");
    return {
      where: { databaseUrl: ground.asPlayer },
      undo: () => ground.run("GRANT INSERT ON turnkeep.game_log TO player"),
    };
  },
  "fail postgres-indexes-missing": sql(
    "DROP INDEX turnkeep.active_games_due",
    "CREATE INDEX active_games_due ON turnkeep.active_games (due_at) WHERE status = 'live' AND due_at IS NOT NULL",
  ),
  "fail postgres-indexes-invalid": sql(
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'turnkeep.active_games_due'::regclass",
    "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'turnkeep.active_games_due'::regclass",
  ),
  "warn postgres-indexes-bloated": sql(
    [
      "INSERT INTO turnkeep.game_log SELECT gen_random_uuid(), 1, '{}' FROM generate_series(1, 120000)",
      "DELETE FROM turnkeep.game_log WHERE random() < 0.95",
      "VACUUM ANALYZE turnkeep.game_log",
    ],
    "TRUNCATE turnkeep.game_log",
  ),
  "warn postgres-indexes-foreign": sql(
    "CREATE INDEX of_a_report ON turnkeep.active_games (last_action_at)",
    "DROP INDEX turnkeep.of_a_report",
  ),
  "warn postgres-table-options": sql(
    "ALTER TABLE turnkeep.active_games SET (autovacuum_enabled = false)",
    "ALTER TABLE turnkeep.active_games RESET (autovacuum_enabled)",
  ),
  "warn postgres-hot-ratio": sql(
    [
      churn,
      "CREATE INDEX of_a_report ON turnkeep.active_games (last_action_at)",
      "UPDATE turnkeep.active_games SET last_action_at = clock_timestamp()",
      "DROP INDEX turnkeep.of_a_report",
      "SELECT pg_stat_force_next_flush()",
      "VACUUM turnkeep.active_games",
    ],
    [...tidy, forget],
  ),
  "warn postgres-dead-rows": sql(
    [
      ...[churn, churn],
      "DELETE FROM turnkeep.active_games WHERE id IN (SELECT id FROM turnkeep.active_games LIMIT 1200)",
      "SELECT pg_stat_force_next_flush()",
    ],
    [...tidy, forget],
  ),
};

/** A client that receives the write-ahead log and never says how far it has come, as an asynchronous standby's does. */
async function receiver(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ground.postgres.url, replication: "true" } as pg.ClientConfig);
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await ground.admin.query<{ lsn: string }>("SELECT pg_current_wal_lsn() AS lsn");
  client.query(`START_REPLICATION PHYSICAL ${rows[0]?.lsn}`).catch(() => undefined);
  await vi.waitFor(async () => {
    const seen = await ground.admin.query("SELECT sync_state FROM pg_stat_replication");
    expect(seen.rows).toEqual([{ sync_state: "async" }]);
  });
  return client;
}

/** Shown on facts alone, in checks.test.ts: servers of that kind cannot be had here. */
const onFactsAlone = [
  ...["redis-version", "redis-cluster-state", "postgres-version", "postgres-encoding", "postgres-standby"],
  ...["clock-difference", "postgres-compression"],
];

test("nothing is wrong with servers that are set up as documented, as their owner and as the role with its rights", async () => {
  const { diagnoses, isComplete } = await ground.examine();
  expect(diagnoses.filter(({ level }) => level !== "ok")).toEqual([]);
  expect(isComplete).toBe(true);
  expect(diagnoses.length).toBeGreaterThan(35);
  expect(await ground.complaints({ databaseUrl: ground.asPlayer })).toEqual([]);
});

test.each(Object.keys(plants))("%s is found, and nothing else", async (complaint) => {
  const { where, also = [], undo } = (await plants[complaint]?.()) ?? {};
  try {
    const { diagnoses } = await ground.examine(where);
    const found = diagnoses.filter(({ level }) => level !== "ok").map(({ level, id }) => `${level} ${id}`);
    expect(found.sort()).toEqual([complaint, ...also].sort());
    expect(JSON.stringify(diagnoses)).not.toMatch(/wrong-word|secret-word/);
  } finally {
    await undo?.();
  }
});

test("each check has its fault here, or in the test on facts", () => {
  const shown = [...Object.keys(plants).map((complaint) => complaint.split(" ")[1]), ...onFactsAlone];
  expect(shown.sort()).toEqual(doctorChecks.map(({ id }) => id).sort());
});

test("the indexes that are looked for are those of the schema", () => {
  const schema = readFileSync(new URL("../../../sql-store/schema.txt", import.meta.url), "utf8");
  expect([...schema.matchAll(/^index CREATE (?:UNIQUE )?INDEX (\w+)/gm)].map(([, name]) => name).sort()).toEqual(
    [...indexNames].sort(),
  );
});

test("a store that does not answer is a sentence, and the other one is looked at all the same", async () => {
  const { diagnoses, isComplete } = await ground.examine({ redisUrl: "redis://127.0.0.1:1" });
  expect(isComplete).toBe(false);
  expect(diagnoses.filter(({ level }) => level === "fail")).toMatchObject([{ id: "redis-start" }]);
  expect(diagnoses.some(({ id }) => id === "postgres-fsync")).toBe(true);
});

test("docs/operations.md lists every check", () => {
  const page = readFileSync(new URL("../../../../docs/operations.md", import.meta.url), "utf8");
  const rows = doctorChecks.map(({ id, wants, breaks, mend }) => `| \`${id}\` | ${wants} | ${breaks} | ${mend} |`);
  expect(page.split("\n").filter((line) => /^\| `(redis|postgres|migrations|schema|clock)-/.test(line))).toEqual(rows);
});
