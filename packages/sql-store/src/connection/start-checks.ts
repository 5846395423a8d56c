import { misconfigured, namingMisconfiguration } from "../errors.js";
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
