import type { Runtime } from "@turnkeep/core";
import { type ClockOffset, clockOffset } from "./redis-facts.js";

/** Runs one statement and returns its rows; whole numbers of 64 bits may come as text. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly object[]>;

/** What a store needs of the schema. */
export interface SchemaNeeds {
  readonly schema: string;
  /** The rights on each table that the role needs. */
  readonly rights: Readonly<Record<string, readonly string[]>>;
  /** Connections that one process may open. */
  readonly poolSize: number;
}

export interface TableFacts {
  readonly name: string;
  readonly options: readonly string[];
  readonly updates: number;
  readonly hotUpdates: number;
  readonly liveRows: number;
  readonly deadRows: number;
  /** How each large column is compressed: `l` is LZ4, `p` or empty the default. */
  readonly compression: Readonly<Record<string, string>>;
}

export interface IndexFacts {
  readonly name: string;
  readonly table: string;
  readonly valid: boolean;
  readonly bytes: number;
  readonly entries: number;
}

/** What a Postgres says of itself, of the role, and of the schema. */
export interface PostgresFacts extends SchemaNeeds {
  /** The settings that are in force for this role and database, without units. */
  readonly settings: ReadonlyMap<string, string>;
  readonly encoding: string;
  readonly isStandby: boolean;
  readonly canCompressByLz4: boolean;
  readonly connections: number;
  /** The role's and the database's bounds; -1: none. */
  readonly roleLimit: number;
  readonly databaseLimit: number;
  /** How each standby is connected, such as `async`; `null` where the role may not see it. */
  readonly standbys: readonly (string | null)[];
  /** Replication slots that nothing reads, and the bytes of log that each keeps. */
  readonly idleSlots: readonly { readonly name: string; readonly bytes: number }[];
  readonly tables: readonly TableFacts[];
  readonly indexes: readonly IndexFacts[];
  /** Statements that grant what is missing, of tables that are there. */
  readonly missingGrants: readonly string[];
  /** Names of migrations that are applied; empty where there is no such table, or it may not be read. */
  readonly migrations: readonly string[];
  readonly clock: ClockOffset;
}

const settingNames = [
  ...["server_version_num", "fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names"],
  ...["default_transaction_read_only", "default_transaction_isolation", "autovacuum", "track_counts"],
  ...["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"],
  ...["transaction_timeout", "max_connections", "superuser_reserved_connections"],
];

const aboutServer = `
  SELECT json_build_object(
    'settings', (SELECT json_object_agg(name, setting) FROM pg_settings WHERE name = ANY ($1::text[])),
    'encoding', current_setting('server_encoding'),
    'isStandby', pg_is_in_recovery(),
    'canCompressByLz4', EXISTS (
      SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)),
    'connections', (SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database),
    'roleLimit', (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
    'databaseLimit', (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
    'standbys', (SELECT coalesce(json_agg(sync_state), '[]') FROM pg_stat_replication),
    'idleSlots', (
      SELECT coalesce(json_agg(json_build_object('name', slot_name, 'bytes', CASE WHEN pg_is_in_recovery() THEN 0
        ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0) END)), '[]')
      FROM pg_replication_slots WHERE NOT active)) AS facts`;

const aboutSchema = `
  WITH tables AS (
    SELECT c.oid, c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r'
  )
  SELECT json_build_object(
    'tables', (
      SELECT coalesce(json_agg(json_build_object(
        'name', t.relname, 'options', coalesce(t.reloptions, '{}'),
        'updates', coalesce(s.n_tup_upd, 0), 'hotUpdates', coalesce(s.n_tup_hot_upd, 0),
        'liveRows', coalesce(s.n_live_tup, 0), 'deadRows', coalesce(s.n_dead_tup, 0),
        'compression', (
          SELECT coalesce(json_object_agg(a.attname, coalesce(to_jsonb(a) ->> 'attcompression', '')), '{}')
          FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped))), '[]')
      FROM tables t LEFT JOIN pg_stat_user_tables s ON s.relid = t.oid),
    'indexes', (
      SELECT coalesce(json_agg(json_build_object(
        'name', c.relname, 'table', t.relname, 'valid', i.indisvalid AND i.indisready,
        'bytes', pg_relation_size(c.oid), 'entries', greatest(c.reltuples, 0))), '[]')
      FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid),
    'missingGrants', (
      SELECT coalesce(json_agg(format('GRANT %s ON %I.%I TO %I', needed.right, $1, t.relname, current_user)), '[]')
      FROM tables t JOIN json_to_recordset($2::json) AS needed ("table" text, "right" text) ON needed.table = t.relname
      WHERE NOT has_table_privilege(t.oid, needed.right)),
    'hasMigrations', EXISTS (
      SELECT FROM tables t WHERE relname = 'game_migrations' AND has_schema_privilege($1, 'USAGE')
        AND has_table_privilege(t.oid, 'SELECT'))) AS facts`;

/** Reads alone. @throws what the query throws */
export async function collectPostgresFacts(
  query: Query,
  needs: SchemaNeeds,
  runtime: Pick<Runtime, "monotonicMs">,
): Promise<PostgresFacts> {
  const { schema, rights } = needs;
  const askClock = "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms";
  const clock = await clockOffset(runtime, async () => Number((await one<{ ms: string }>(query, askClock)).ms));
  const needed = Object.entries(rights).flatMap(([table, each]) => each.map((right) => ({ table, right })));
  const [ofServer, ofSchema] = await Promise.all([
    one<{ facts: ServerFacts }>(query, aboutServer, [settingNames]),
    one<{ facts: OwnFacts }>(query, aboutSchema, [schema, JSON.stringify(needed)]),
  ]);
  const { settings, ...server } = ofServer.facts;
  const { hasMigrations, ...own } = ofSchema.facts;
  const applied = hasMigrations ? await query(`SELECT name FROM "${schema}".game_migrations ORDER BY name`) : [];
  const migrations = (applied as readonly { readonly name: string }[]).map(({ name }) => name);
  return { ...needs, settings: new Map(Object.entries(settings)), ...server, ...own, migrations, clock };
}

type ServerFacts = Omit<PostgresFacts, "settings" | keyof SchemaNeeds | keyof OwnFacts | "migrations" | "clock"> & {
  readonly settings: Readonly<Record<string, string>>;
};

type OwnFacts = Pick<PostgresFacts, "tables" | "indexes" | "missingGrants"> & { readonly hasMigrations: boolean };

async function one<Row>(query: Query, sql: string, values: readonly unknown[] = []): Promise<Row> {
  const [row] = await query(sql, values);
  if (row === undefined) throw new Error("the statement returns a row");
  return row as Row;
}
