export type { PoolUse } from "./connection/lanes.js";
export { optionsSchema as sqlStoreOptions, type SqlStoreOptions } from "./options.js";
export type { Models } from "./schema/define-models.js";
export type { MigrationStatus, PlannedMigration, RollbackOptions } from "./schema/migrator.js";
export { ActiveGame, GameHistory, GameHistoryPlayer, GameLease, GameLogEntry } from "./schema/models.js";
export { type Counts, createSqlStore, type SqlStore, type StoreNeeds, type Transfer } from "./store.js";
