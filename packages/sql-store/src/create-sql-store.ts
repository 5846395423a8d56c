import { parseOptions, type SqlStoreOptions } from "./options.js";
import { SqlStore } from "./sql-store.js";

/**
 * The store port on Postgres 13 or later. Nothing is connected before `start()`, `migrate()` or the first use of
 * `sequelize`. What was given stays open after `close()`.
 * @throws InvalidInput for options that are unsound
 * @example
 * const store = createSqlStore({ url: "postgres://localhost/games" });
 * await store.migrate();
 * await store.start();
 */
export function createSqlStore(options: SqlStoreOptions): SqlStore {
  return new SqlStore(parseOptions(options));
}
