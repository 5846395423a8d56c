import { type Check, fail, unless, warn } from "./check.js";
import type { PostgresFacts } from "./postgres-facts.js";
import type { RedisFacts } from "./redis-facts.js";

/** What the two stores and the program say together. */
export interface SharedFacts {
  /** What kept a cache and a store from starting, if anything did; the sentence holds no secret. */
  readonly cacheRefusal: string | null;
  readonly storeRefusal: string | null;
  readonly redis: readonly RedisFacts[];
  readonly postgres: PostgresFacts | null;
  /** Names of the migrations of this version. */
  readonly knownMigrations: readonly string[];
  /** Whose games the schema keeps; `null` while no process has started on it, or where it cannot be read. */
  readonly deployment: string | null;
  /** The game that this program serves. */
  readonly game: string;
}

const mostClockDifferenceMs = 1_000;
const isOfPooler = (refusal: string | null) => refusal?.includes("a pooler before Postgres") ?? false;

/** What is checked of both stores together, and of what this version needs. */
export const sharedChecks: readonly Check<SharedFacts>[] = [
  {
    id: "redis-start",
    wants: "a server can start on this Redis",
    breaks: "no server and no daemon starts",
    mend: "as it says: address, password, or the rights in packages/redis-cache/README.md",
    look: ({ cacheRefusal }) => unless(cacheRefusal === null, fail, cacheRefusal ?? "it can"),
  },
  {
    id: "postgres-start",
    wants: "a server can start on this Postgres",
    breaks: "no server and no daemon starts",
    mend: "as it says: address, password, or the rights in packages/sql-store/README.md",
    look: ({ storeRefusal }) => {
      if (isOfPooler(storeRefusal)) return null;
      return unless(storeRefusal === null, fail, storeRefusal ?? "it can");
    },
  },
  {
    id: "postgres-pooler",
    wants: "a pooler passes on what the settings ask for",
    breaks: "in transaction mode time limits and prepared statements get lost, and statements fail",
    mend: "set what it says, or the pooler to session mode",
    look: ({ storeRefusal }) =>
      unless(!isOfPooler(storeRefusal), fail, isOfPooler(storeRefusal) ? (storeRefusal ?? "") : "it does"),
  },
  {
    id: "migrations-missing",
    wants: "the schema has every migration of this version",
    breaks: "no server and no daemon of this version starts, unless it migrates",
    mend: "turnkeep migrate up, or MIGRATE_ON_START=true, by a role that owns the schema",
    look: ({ postgres, knownMigrations }) => {
      if (postgres === null) return null;
      const missing = knownMigrations.filter((name) => !postgres.migrations.includes(name));
      return unless(missing.length === 0, fail, missing.length === 0 ? "it has" : missing.join(", "));
    },
  },
  {
    id: "migrations-unknown",
    wants: "the schema has no migration that this version does not know",
    breaks: "this version is older than the schema, and may not work on it",
    mend: "install the version that migrated it",
    look: ({ postgres, knownMigrations }) => {
      if (postgres === null) return null;
      const unknown = postgres.migrations.filter((name) => !knownMigrations.includes(name));
      return unless(unknown.length === 0, warn, unknown.length === 0 ? "it has none" : unknown.join(", "));
    },
  },
  {
    id: "schema-game",
    wants: "the schema keeps this game",
    breaks: "every server and daemon of this game is refused",
    mend: "give DATABASE_SCHEMA the schema of this game",
    look: ({ deployment, game }) => {
      if (deployment === null) return null;
      const kept = deployment.slice(deployment.indexOf("/") + 1);
      return unless(kept === game, fail, kept);
    },
  },
  {
    id: "redis-owner",
    wants: "the keys in Redis belong to this schema",
    breaks: "every call of a server is refused",
    mend: "give each deployment a REDIS_KEY_PREFIX of its own; if the schema was moved, delete the key deployment:{0}",
    look: ({ redis, deployment }) => {
      const [owner] = redis.flatMap((master) => master.owner ?? []);
      if (owner === undefined || deployment === null) return null;
      return unless(owner === deployment, fail, owner);
    },
  },
  {
    id: "clock-difference",
    wants: "the clocks of Redis and Postgres agree to a second",
    breaks: "when a flush is due, a lease ends or a turn is over is read off two clocks: ages and alarms are wrong",
    mend: "let both machines follow the same time servers",
    look: ({ redis, postgres }) => {
      const [first] = redis;
      if (first === undefined || postgres === null) return null;
      const apart = Math.abs(first.clock.aheadMs - postgres.clock.aheadMs);
      const error = first.clock.errorMs + postgres.clock.errorMs;
      return unless(apart - error <= mostClockDifferenceMs, warn, `${Math.round(apart)} ms apart`);
    },
  },
];
