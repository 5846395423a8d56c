import type { Tables } from "../tables.js";

export interface MigrationContext {
  readonly tables: Tables;
  /** Runs SQL in the migration's transaction and returns its rows. */
  readonly run: (sql: string) => Promise<readonly object[]>;
}

/** One step of the schema, forward and back. A published one never changes. */
export interface Migration {
  /** Its number, then what it brings. */
  readonly name: string;
  readonly up: (context: MigrationContext) => Promise<void>;
  readonly down: (context: MigrationContext) => Promise<void>;
}
