import { expect, test } from "vitest";
import { postgresChecks } from "./postgres-checks.js";
import type { PostgresFacts } from "./postgres-facts.js";
import { redisChecks } from "./redis-checks.js";
import type { RedisFacts } from "./redis-facts.js";
import { schemaChecks } from "./schema-checks.js";
import { type SharedFacts, sharedChecks } from "./shared-checks.js";

const clock = (aheadMs: number) => ({ aheadMs, errorMs: 5 });

const redis = (info: Record<string, string>, aheadMs = 0): RedisFacts => ({
  name: "",
  info: new Map(Object.entries(info)),
  config: new Map(),
  scriptsReadInfo: true,
  clock: clock(aheadMs),
  owner: null,
});

const postgres = (facts: Partial<PostgresFacts>): PostgresFacts => ({
  schema: "turnkeep",
  rights: {},
  poolSize: 10,
  settings: new Map(),
  encoding: "UTF8",
  isStandby: false,
  canCompressByLz4: true,
  connections: 1,
  roleLimit: -1,
  databaseLimit: -1,
  standbys: [],
  idleSlots: [],
  tables: [],
  indexes: [],
  missingGrants: [],
  migrations: [],
  clock: clock(0),
  ...facts,
});

const ofRedis = (id: string, info: Record<string, string>) =>
  redisChecks.find((check) => check.id === id)?.look(redis(info))?.level;
const ofPostgres = (id: string, facts: Partial<PostgresFacts>) =>
  postgresChecks.find((check) => check.id === id)?.look(postgres(facts))?.level;

const together = (ahead: { readonly redis: number; readonly postgres: number }): SharedFacts => ({
  cacheRefusal: null,
  storeRefusal: null,
  redis: [redis({}, ahead.redis)],
  postgres: postgres({ clock: clock(ahead.postgres) }),
  knownMigrations: [],
  deployment: null,
  game: "chess",
});

test.each([
  ["6.2.14", "fail"],
  ["7.0.15", "ok"],
  ["8.0.0", "ok"],
])("Redis %s: %s", (version, level) => {
  expect(ofRedis("redis-version", { redis_version: version })).toBe(level);
});

test("a Cluster with slots that no node serves, and one Redis, of which nothing is said", () => {
  expect(ofRedis("redis-cluster-state", { cluster_state: "fail" })).toBe("fail");
  expect(ofRedis("redis-cluster-state", { cluster_state: "ok" })).toBe("ok");
  expect(ofRedis("redis-cluster-state", {})).toBeUndefined();
});

test("a Postgres that is too old, is a standby, or has another encoding", () => {
  const version = (value: string) =>
    ofPostgres("postgres-version", { settings: new Map([["server_version_num", value]]) });
  expect([version("120017"), version("130000")]).toEqual(["fail", "ok"]);
  expect([true, false].map((isStandby) => ofPostgres("postgres-standby", { isStandby }))).toEqual(["fail", "ok"]);
  expect(["LATIN1", "UTF8"].map((encoding) => ofPostgres("postgres-encoding", { encoding }))).toEqual(["fail", "ok"]);
});

test("large columns that are not compressed by LZ4, where the server can", () => {
  const check = schemaChecks.find(({ id }) => id === "postgres-compression");
  const columns = { active_games: "state", game_log: "entry", game_history: "replay_data" };
  const tables = (ofLog: string) =>
    Object.entries(columns).map(([name, column]) => ({
      ...{ name, options: [], updates: 0, hotUpdates: 0, liveRows: 0, deadRows: 0 },
      compression: { [column]: name === "game_log" ? ofLog : "l" },
    }));
  expect(check?.look(postgres({ tables: tables("l") }))?.level).toBe("ok");
  expect(check?.look(postgres({ tables: tables("") }))).toEqual({ level: "warn", found: "game_log.entry is not" });
  expect(check?.look(postgres({ tables: tables("p"), canCompressByLz4: false }))).toBeNull();
});

test("clocks may differ by a second and by what the measuring takes", () => {
  const check = sharedChecks.find(({ id }) => id === "clock-difference");
  const level = (ahead: { redis: number; postgres: number }) => check?.look(together(ahead))?.level;
  expect(level({ redis: 60_000, postgres: 60_900 })).toBe("ok");
  expect(level({ redis: 1_005, postgres: 0 })).toBe("ok");
  expect(level({ redis: 0, postgres: 1_500 })).toBe("warn");
  expect(level({ redis: 5_000, postgres: 0 })).toBe("warn");
});
