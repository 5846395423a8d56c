import type { Database } from "./database.js";
import { isMisconfiguration, misconfigured } from "./errors.js";
import type { Migrator } from "./migrator.js";
import { checkServer } from "./statements/check-server.js";

const OLDEST_SERVER = 130_000;

/** @throws Misconfigured with what to change, StoreUnavailable */
export async function checkStart(db: Database, migrator: Migrator): Promise<void> {
  try {
    const [server] = await db.run(checkServer, []);
    if (!server || server.version < OLDEST_SERVER) throw misconfigured("Postgres is too old: 13 or later is needed");
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
