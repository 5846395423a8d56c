import { type Check, fail, mebibytes, unless, warn } from "./check.js";
import type { IndexFacts, PostgresFacts, TableFacts } from "./postgres-facts.js";

/** The indexes that the migrations make; a test compares them with the schema. */
export const indexNames: readonly string[] = [
  "active_game_ids_pkey",
  ...["active_games_due", "active_games_ended", "active_games_open", "active_games_pkey", "active_games_players"],
  ...[
    "active_games_quarantined",
    "active_games_tombstones",
    "game_deployment_pkey",
    "game_history_ended",
    "game_history_pkey",
  ],
  ...["game_history_players_game", "game_history_players_pkey", "game_leases_pkey", "game_log_pkey"],
  ...["game_migrations_pkey", "game_service_clock_pkey"],
];

/** The table that every flush writes to. */
const hotTable = "active_games";
const largeColumns = { active_games: "state", game_log: "entry", game_history: "replay_data" };
/** Fewer updates say nothing. */
const leastUpdates = 1_000;
const leastHotRatio = 0.8;
const mostDeadRatio = 0.3;
const leastDeadRows = 1_000;
/** An entry of our indexes takes 30 to 80 bytes; an index of a few MiB is never worth a word. */
const bloatedEntryBytes = 250;
const bloatedBytes = 4 * 1_048_576;

const tableOf = ({ tables }: PostgresFacts, name: string): TableFacts | undefined =>
  tables.find((table) => table.name === name);

const isBloated = ({ bytes, entries }: IndexFacts): boolean =>
  bytes > bloatedBytes && bytes / Math.max(entries, 1) > bloatedEntryBytes;

const named = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(", "));

/** What is checked of the schema and the role's rights in it. */
export const schemaChecks: readonly Check<PostgresFacts>[] = [
  {
    id: "postgres-grants",
    wants: "the role has the rights that it needs",
    breaks: "no server and no daemon starts",
    mend: "run these statements as the schema's owner",
    look: ({ missingGrants }) => unless(missingGrants.length === 0, fail, named(missingGrants, "it has them")),
  },
  {
    id: "postgres-indexes-missing",
    wants: "every index of the migrations is there",
    breaks: "sweeps, lists and flushes read whole tables, and get slower with every game",
    mend: "create it again as packages/sql-store/schema.txt has it, with CREATE INDEX CONCURRENTLY",
    look: ({ tables, indexes }) => {
      if (tables.length === 0) return null;
      const missing = indexNames.filter((name) => !indexes.some((index) => index.name === name));
      return unless(missing.length === 0, fail, named(missing, "all are"));
    },
  },
  {
    id: "postgres-indexes-invalid",
    wants: "every index is valid",
    breaks: "Postgres keeps an invalid index up to date and never reads it",
    mend: "REINDEX INDEX CONCURRENTLY …, or DROP INDEX what an interrupted REINDEX has left",
    look: ({ indexes }) => {
      const invalid = indexes.filter(({ valid }) => !valid).map(({ name }) => name);
      return unless(invalid.length === 0, fail, named(invalid, "all are"));
    },
  },
  {
    id: "postgres-indexes-bloated",
    wants: "indexes are as large as their entries",
    breaks: "reads and flushes touch far more pages than they need",
    mend: "REINDEX INDEX CONCURRENTLY …",
    look: ({ indexes }) => {
      const bloated = indexes.filter(isBloated).map(({ name, bytes }) => `${name} takes ${mebibytes(bytes)}`);
      return unless(bloated.length === 0, warn, named(bloated, "they are"));
    },
  },
  {
    id: "postgres-indexes-foreign",
    wants: "the table of live games has the migrations' indexes alone",
    breaks: "a flush writes to each further index, and is no longer in place (HOT)",
    mend: "DROP INDEX …; for reports use a standby or a copy",
    look: ({ indexes }) => {
      const foreign = indexes.filter(({ name, table }) => table === hotTable && !indexNames.includes(name));
      return unless(
        foreign.length === 0,
        warn,
        named(
          foreign.map(({ name }) => name),
          "it has",
        ),
      );
    },
  },
  {
    id: "postgres-compression",
    wants: "states, log entries and replays are compressed by LZ4",
    breaks: "each flush and load spends several times the CPU on compression",
    mend: "ALTER TABLE … ALTER COLUMN … SET COMPRESSION lz4; what is rewritten from then on has it",
    look: (facts) => {
      if (!facts.canCompressByLz4 || facts.tables.length === 0) return null;
      const wrong = Object.entries(largeColumns).filter(
        ([table, column]) => tableOf(facts, table)?.compression[column] !== "l",
      );
      return unless(
        wrong.length === 0,
        warn,
        named(
          wrong.map(([table, column]) => `${table}.${column} is not`),
          "they are",
        ),
      );
    },
  },
  {
    id: "postgres-table-options",
    wants: "the table of live games has its fillfactor and its own thresholds of autovacuum",
    breaks: "flushes find no space on their page, so that each writes to every index; dead rows pile up",
    mend: "ALTER TABLE active_games SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500), RESET (autovacuum_enabled)",
    look: (facts) => {
      const table = tableOf(facts, hotTable);
      if (table === undefined) return null;
      const wanted = ["fillfactor=70", "autovacuum_vacuum_scale_factor=0.02", "autovacuum_vacuum_threshold=500"];
      const missing = wanted.filter((option) => !table.options.includes(option));
      const off = table.options.filter((option) => /^autovacuum_enabled=(false|off|0|no)$/.test(option));
      return unless(missing.length + off.length === 0, warn, named(table.options, "none"));
    },
  },
  {
    id: "postgres-hot-ratio",
    wants: `${leastHotRatio * 100} % of the updates of live games are in place (HOT)`,
    breaks: "a flush writes to every index, and takes several times as long",
    mend: "see postgres-indexes-foreign, postgres-table-options and postgres-dead-rows; end transactions that stay open",
    look: (facts) => {
      const table = tableOf(facts, hotTable);
      if (table === undefined || table.updates < leastUpdates) return null;
      const ratio = table.hotUpdates / table.updates;
      return unless(ratio >= leastHotRatio, warn, `${Math.round(ratio * 100)} % of ${table.updates}`);
    },
  },
  {
    id: "postgres-dead-rows",
    wants: "autovacuum keeps up with the table of live games",
    breaks: "lists, sweeps and flushes read dead rows; the table grows",
    mend: "VACUUM active_games; end transactions that stay open; raise autovacuum_vacuum_cost_limit",
    look: (facts) => {
      const table = tableOf(facts, hotTable);
      if (table === undefined) return null;
      const { deadRows, liveRows } = table;
      const isWell = deadRows < leastDeadRows || deadRows < liveRows * mostDeadRatio;
      return unless(isWell, warn, `${deadRows} dead rows beside ${liveRows} live ones`);
    },
  },
];
