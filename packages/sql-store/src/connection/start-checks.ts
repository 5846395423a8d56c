import { type Runtime, sleep } from "@turnkeep/core";
import pg from "pg";
import { misconfigured, namingMisconfiguration, translateError } from "../errors.js";
import type { Settings } from "../options.js";
import type { Migrator } from "../schema/migrator.js";
import { tableNames, tableRights } from "../schema/tables.js";
import type { Database } from "./database.js";
import type { Statement } from "./statement.js";

/** What start() needs to know of the server. */
const checkServer: Statement<{ version: number; encoding: string; replica: boolean; readonly: boolean }> = {
  name: "check-server",
  writes: false,
  sql: () => `
    SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS replica, current_setting('transaction_read_only')::boolean AS readonly`,
};

/** One row for each right that the role lacks, as the statement that grants it. */
const findMissingRights: Statement<{ grant: string }> = {
  name: "find-missing-rights",
  writes: false,
  sql: ({ schema }) => {
    const needed = Object.entries(tableRights).flatMap(([table, rights]) =>
      rights.map((right) => `('"${schema}".${tableNames[table as keyof typeof tableNames]}', '${right}')`),
    );
    return `
      SELECT format('GRANT %s ON %s TO %I', r, t, current_user) AS grant
      FROM (VALUES ${needed.join(", ")}) AS needed (t, r) WHERE NOT has_table_privilege(t, r)`;
  },
};

const oldestServer = 130_000;

/** @throws Misconfigured with what to change, StoreUnavailable */
export async function checkStart(db: Database, migrator: Migrator): Promise<void> {
  try {
    const [server] = await db.run(checkServer, []);
    if (!server || server.version < oldestServer) throw misconfigured("Postgres is too old: 13 or later is needed");
    db.serverVersion = server.version;
    if (server.encoding !== "UTF8") throw misconfigured("the database is not in UTF8: create it with that encoding");
    if (server.replica) throw misconfigured("this Postgres is a replica and takes no writes: give the primary's url");
    if (server.readonly) {
      throw misconfigured("Postgres is read-only here: turn default_transaction_read_only off, for database and user");
    }
    const pending = await migrator.pending();
    if (pending.length > 0) {
      throw misconfigured(
        `the schema "${db.tables.schema}" is not migrated: call migrate(), or start with migrateOnStart ` +
          `(missing: ${pending.join(", ")})`,
      );
    }
    const missing = await db.run(findMissingRights, []);
    if (missing.length > 0) {
      throw misconfigured(`Postgres refuses the user a right: ${missing.map(({ grant }) => grant).join("; ")}`);
    }
  } catch (error) {
    throw namingMisconfiguration(error);
  }
}

/** How long a second server connection is waited for, before the first one is given back. */
const besideWithinMs = 500;

/**
 * Notices a pooler: the process that answers is not the one that Postgres named at the connection's start. Then tries
 * what a pooler in transaction mode may lose: the time limits asked for at the start, and prepared statements.
 * @throws Misconfigured that says what to set, StoreUnavailable
 */
export async function checkPooler(config: pg.ClientConfig, settings: Settings): Promise<void> {
  const [one, other] = [new pg.Client(config), new pg.Client(config)];
  for (const client of [one, other]) client.on("error", () => {});
  try {
    await one.connect();
    const { rows } = await one.query<{ pid: number; name: string; ms: string }>(
      "SELECT pg_backend_pid() AS pid, name, setting AS ms FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout')",
    );
    if (rows.some(({ pid }) => pid === processOf(one))) return;
    const asked = { statement_timeout: settings.statementTimeoutMs, lock_timeout: settings.lockTimeoutMs };
    const lost = rows.filter(({ name, ms }) => {
      const limit = asked[name as keyof typeof asked];
      return limit > 0 && Number(ms) !== limit;
    });
    if (lost.length > 0) throw losesLimits();
    if (!settings.advanced.preparedStatements) return;
    await other.connect();
    if (!(await keepsPrepared(one, other, settings.runtime))) {
      throw misconfigured(
        "a pooler before Postgres loses prepared statements: set advanced.preparedStatements to false " +
          "(DATABASE_PREPARED_STATEMENTS=false), or max_prepared_statements in PgBouncer 1.21 or later",
      );
    }
  } catch (error) {
    throw isRefusedLimit(error) ? losesLimits() : namingMisconfiguration(translateError(error, "notDone"));
  } finally {
    await Promise.all([one, other].map((client) => client.end().catch(() => {})));
  }
}

/** Whether a statement that one connection has prepared can be run while another one holds the server's side of it. */
async function keepsPrepared(one: pg.Client, other: pg.Client, runtime: Runtime): Promise<boolean> {
  const prepared = { name: "turnkeep pooler", text: "SELECT 1" };
  try {
    await one.query(prepared);
    await other.query("BEGIN");
    await other.query(prepared);
    const again = one.query(prepared).then(
      () => true,
      () => false,
    );
    await Promise.race([again, sleep(runtime, besideWithinMs, { keepAlive: false })]);
    await other.query("ROLLBACK");
    return await again;
  } catch {
    return false;
  }
}

/** The process that Postgres, or a pooler, named when the connection began. */
const processOf = (client: pg.Client): number | null => (client as unknown as { processID: number | null }).processID;

/** True where a pooler refuses a connection because of the limits that it asks for. */
const isRefusedLimit = (error: unknown): boolean =>
  error instanceof Error && /unsupported startup parameter/.test(error.message);

const losesLimits = () =>
  misconfigured(
    "a pooler before Postgres does not pass on time limits: set statementTimeoutMs and lockTimeoutMs to 0 " +
      "(DATABASE_STATEMENT_TIMEOUT_MS=0, DATABASE_LOCK_TIMEOUT_MS=0), and the limits by ALTER ROLE … SET statement_timeout",
  );
