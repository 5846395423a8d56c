import { isMisconfiguration, misconfigured } from "../errors.js";
import type { Migrator } from "../schema/migrator.js";
import type { Database } from "./database.js";
import type { Statement } from "./statement.js";

/** What start() needs to know of the server. */
const checkServer: Statement<{ version: number; encoding: string; replica: boolean }> = {
  name: "check-server",
  writes: false,
  sql: () => `
    SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS replica`,
};

const oldestServer = 130_000;

/** @throws Misconfigured with what to change, StoreUnavailable */
export async function checkStart(db: Database, migrator: Migrator): Promise<void> {
  try {
    const [server] = await db.run(checkServer, []);
    if (!server || server.version < oldestServer) throw misconfigured("Postgres is too old: 13 or later is needed");
    if (server.encoding !== "UTF8") throw misconfigured("the database is not in UTF8: create it with that encoding");
    if (server.replica) throw misconfigured("this Postgres is a replica and takes no writes: give the primary's url");
    const pending = await migrator.pending();
    if (pending.length === 0) return;
    throw misconfigured(
      `the schema "${db.tables.schema}" is not migrated: call migrate(), or start with migrateOnStart ` +
        `(missing: ${pending.join(", ")})`,
    );
  } catch (error) {
    if (!isMisconfiguration(error)) throw error;
    throw misconfigured("Postgres refuses this user, database or schema: check the url and the user's rights", error);
  }
}
