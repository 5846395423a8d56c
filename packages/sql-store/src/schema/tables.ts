/** The tables' names without their schema; one place for statements, models and migrations. */
export const tableNames = {
  games: "active_games",
  activeIds: "active_game_ids",
  log: "game_log",
  history: "game_history",
  historyPlayers: "game_history_players",
  leases: "game_leases",
  serviceClock: "game_service_clock",
  deployment: "game_deployment",
  migrations: "game_migrations",
} as const;

/** The rights that the store's role needs; only migrations need more. */
export const tableRights: Readonly<Record<keyof typeof tableNames, readonly string[]>> = {
  games: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  activeIds: ["SELECT", "INSERT", "DELETE"],
  log: ["SELECT", "INSERT", "DELETE"],
  history: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  historyPlayers: ["SELECT", "INSERT"],
  leases: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  serviceClock: ["SELECT", "UPDATE"],
  deployment: ["SELECT", "UPDATE"],
  migrations: ["SELECT"],
};

/** The tables' names, qualified and quoted for SQL, and the expression that draws a fence. */
export interface Tables {
  readonly schema: string;
  readonly games: string;
  readonly activeIds: string;
  readonly log: string;
  readonly history: string;
  readonly historyPlayers: string;
  readonly leases: string;
  readonly serviceClock: string;
  readonly deployment: string;
  readonly migrations: string;
  readonly nextFence: string;
  /** Draws a fence above all of these, which are expressions of bigints or null. */
  readonly fenceAbove: (...floors: readonly string[]) => string;
}

/**
 * Draws a fence: microseconds by Postgres's clock, with ten random bits below them. A restored backup sets no clock
 * back, so that a fence drawn after the restore is another one than each drawn before it, and above them.
 */
const nextFence =
  "(floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1024 + floor(random() * 1024)::bigint)";

/**
 * The same where the clock alone is not enough: it may have been set back. Then the new fence is up to a millisecond
 * above, at random, so that a row that was restored does not draw the same ones again.
 */
const fenceAbove = (...floors: readonly string[]) =>
  `greatest(${nextFence}, greatest(${floors.join(", ")}) + 1 + floor(random() * 1024000)::bigint)`;

/** @param schema a plain lower-case name, as the options allow */
export function tablesIn(schema: string): Tables {
  const named = (table: string) => `"${schema}".${table}`;
  return Object.freeze({
    schema,
    games: named(tableNames.games),
    activeIds: named(tableNames.activeIds),
    log: named(tableNames.log),
    history: named(tableNames.history),
    historyPlayers: named(tableNames.historyPlayers),
    leases: named(tableNames.leases),
    serviceClock: named(tableNames.serviceClock),
    deployment: named(tableNames.deployment),
    migrations: named(tableNames.migrations),
    nextFence,
    fenceAbove,
  });
}
