import type { Tables } from "./tables.js";

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

/**
 * Active games and their log. A flush changes no indexed column and finds space on the same page (fillfactor), so that
 * it writes to no index; only games with a deadline are in the index of deadlines.
 */
const games: Migration = {
  name: "0001-games",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.games} (
        id uuid PRIMARY KEY,
        status text NOT NULL
          CONSTRAINT active_games_status CHECK (status IN ('live', 'ended', 'archived', 'deleted', 'quarantined')),
        lineage bigint NOT NULL,
        revision bigint NOT NULL,
        fence bigint NOT NULL,
        turn_number integer NOT NULL,
        game_type text NOT NULL
          CONSTRAINT active_games_game_type CHECK (game_type ~ '^[a-z][a-z0-9_]{0,63}$'),
        player_ids text[] NOT NULL,
        npc_id text,
        rules json NOT NULL,
        state text,
        schema_version integer NOT NULL,
        write_ids text NOT NULL,
        log_count bigint NOT NULL,
        winner_id uuid,
        winner_is_npc boolean,
        end_reason text,
        quarantine_reason text,
        quarantined bytea,
        started_at timestamptz NOT NULL,
        last_action_at timestamptz NOT NULL,
        closed_at timestamptz,
        due_at bigint CONSTRAINT active_games_due CHECK (due_at >= 0),
        CONSTRAINT active_games_version CHECK (lineage >= 0 AND revision >= 0 AND fence >= 0 AND log_count >= 0),
        CONSTRAINT active_games_state CHECK (
          CASE WHEN status IN ('live', 'ended') THEN state IS NOT NULL
               WHEN status IN ('archived', 'deleted') THEN state IS NULL
               ELSE true END),
        CONSTRAINT active_games_outcome CHECK (
          CASE status WHEN 'ended' THEN end_reason IS NOT NULL AND winner_is_npc IS NOT NULL
                      WHEN 'live' THEN end_reason IS NULL AND winner_is_npc IS NULL AND winner_id IS NULL
                      ELSE true END),
        CONSTRAINT active_games_quarantine CHECK (status <> 'quarantined' OR quarantine_reason IS NOT NULL),
        CONSTRAINT active_games_closed CHECK ((status IN ('archived', 'deleted')) = (closed_at IS NOT NULL))
      ) WITH (
        fillfactor = 70,
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
        toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 500
      )`);
    await run(`CREATE INDEX active_games_open ON ${t.games} (id) WHERE status IN ('live', 'ended')`);
    await run(`CREATE INDEX active_games_ended ON ${t.games} (id) WHERE status = 'ended'`);
    await run(`
      CREATE INDEX active_games_players ON ${t.games} USING gin (player_ids) WHERE status IN ('live', 'ended')`);
    await run(`CREATE INDEX active_games_tombstones ON ${t.games} (closed_at) WHERE status IN ('archived', 'deleted')`);
    await run(`CREATE INDEX active_games_due ON ${t.games} (due_at) WHERE status = 'live' AND due_at IS NOT NULL`);
    await run(`
      CREATE TABLE ${t.log} (
        game_id uuid NOT NULL,
        seq bigint NOT NULL CONSTRAINT game_log_seq CHECK (seq >= 0),
        entry text NOT NULL,
        PRIMARY KEY (game_id, seq)
      )`);
    await compress(run, t.games, ["state"]);
    await compress(run, t.log, ["entry"]);
  },
  async down({ run, tables: t }) {
    await run(`DROP TABLE ${t.log}`);
    await run(`DROP TABLE ${t.games}`);
  },
};

/** Finished games, exactly one row a game, and the index of them by player. */
const history: Migration = {
  name: "0002-history",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.history} (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        game_id uuid NOT NULL CONSTRAINT game_history_game UNIQUE,
        game_type text NOT NULL
          CONSTRAINT game_history_game_type CHECK (game_type ~ '^[a-z][a-z0-9_]{0,63}$'),
        player_ids text[] NOT NULL,
        npc_id text,
        winner_id uuid,
        winner_is_npc boolean NOT NULL,
        end_reason text NOT NULL,
        turn_count integer NOT NULL,
        duration_seconds bigint NOT NULL CONSTRAINT game_history_duration CHECK (duration_seconds >= 0),
        incomplete boolean NOT NULL,
        replay_data json NOT NULL,
        played_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        CONSTRAINT game_history_winner CHECK (NOT (winner_is_npc AND winner_id IS NOT NULL))
      )`);
    await run(`
      CREATE TABLE ${t.historyPlayers} (
        player_id text NOT NULL,
        ended_at timestamptz NOT NULL,
        game_id uuid NOT NULL REFERENCES ${t.history} (game_id) ON DELETE CASCADE,
        PRIMARY KEY (player_id, ended_at, game_id)
      )`);
    await run(`CREATE INDEX game_history_players_game ON ${t.historyPlayers} (game_id)`);
    await compress(run, t.history, ["replay_data"]);
  },
  async down({ run, tables: t }) {
    await run(`DROP TABLE ${t.historyPlayers}`);
    await run(`DROP TABLE ${t.history}`);
  },
};

/**
 * Leases by which daemons share their work; times are Postgres's. The service clock is one row, which every beat
 * rewrites in place; it begins at 0.
 */
const sharedWork: Migration = {
  name: "0003-shared-work",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.leases} (
        name text PRIMARY KEY,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
    await run(`
      CREATE TABLE ${t.serviceClock} (
        id integer PRIMARY KEY CONSTRAINT game_service_clock_one CHECK (id = 1),
        up_us bigint NOT NULL CONSTRAINT game_service_clock_up CHECK (up_us >= 0),
        beat_at timestamptz NOT NULL
      ) WITH (fillfactor = 10)`);
    await run(`INSERT INTO ${t.serviceClock} (id, up_us, beat_at) VALUES (1, 0, clock_timestamp())`);
  },
  async down({ run, tables: t }) {
    await run(`DROP TABLE ${t.serviceClock}`);
    await run(`DROP TABLE ${t.leases}`);
  },
};

/** A finished game's id is its record's key; records had ids of their own before. */
const historyId: Migration = {
  name: "0004-history-id",
  async up({ run, tables: t }) {
    await run(`ALTER TABLE ${t.historyPlayers} DROP CONSTRAINT game_history_players_game_id_fkey`);
    await run(`
      ALTER TABLE ${t.history} DROP COLUMN id, DROP CONSTRAINT game_history_game, ADD PRIMARY KEY (game_id)`);
    await run(referHistoryPlayers(t));
  },
  async down({ run, tables: t }) {
    await run(`ALTER TABLE ${t.historyPlayers} DROP CONSTRAINT game_history_players_game_id_fkey`);
    await run(`
      ALTER TABLE ${t.history}
        DROP CONSTRAINT game_history_pkey, ADD COLUMN id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        ADD CONSTRAINT game_history_game UNIQUE (game_id)`);
    await run(referHistoryPlayers(t));
  },
};

/** How a game ended, in its own words and with any number of winners; only the form is checked here. */
const outcomes: Migration = {
  name: "0006-outcomes",
  async up({ run, tables: t }) {
    await run(`ALTER TABLE ${t.games} DROP CONSTRAINT active_games_outcome, ADD COLUMN outcome json`);
    await run(`ALTER TABLE ${t.history} DROP CONSTRAINT game_history_winner, ADD COLUMN outcome json`);
    for (const table of [t.games, t.history]) {
      await run(`
        UPDATE ${table} SET outcome = json_build_object(
          'endReason', end_reason, 'winnerIsNpc', coalesce(winner_is_npc, false),
          'winnerIds', array_to_json(array_remove(ARRAY[winner_id], NULL)))
        WHERE end_reason IS NOT NULL`);
      await run(`ALTER TABLE ${table} DROP COLUMN winner_id, DROP COLUMN winner_is_npc, DROP COLUMN end_reason`);
    }
    await run(`
      ALTER TABLE ${t.games} ADD CONSTRAINT active_games_outcome CHECK (
        CASE status WHEN 'ended' THEN ${soundOutcome} WHEN 'live' THEN outcome IS NULL ELSE true END)`);
    await run(`
      ALTER TABLE ${t.history} ALTER COLUMN outcome SET NOT NULL,
        ADD CONSTRAINT game_history_outcome CHECK (${soundOutcome})`);
  },
  async down({ run, tables: t }) {
    for (const table of [t.games, t.history]) {
      await run(`
        ALTER TABLE ${table}
          ADD COLUMN winner_id uuid, ADD COLUMN winner_is_npc boolean, ADD COLUMN end_reason text`);
      await run(`
        UPDATE ${table} SET
          winner_id = CASE WHEN outcome -> 'winnerIds' ->> 0 ~ '^[0-9a-f-]{36}$'
            THEN (outcome -> 'winnerIds' ->> 0)::uuid END,
          winner_is_npc = (outcome ->> 'winnerIsNpc')::boolean, end_reason = outcome ->> 'endReason'
        WHERE outcome IS NOT NULL`);
      await run(`ALTER TABLE ${table} DROP COLUMN outcome`);
    }
    await run(`
      ALTER TABLE ${t.games} ADD CONSTRAINT active_games_outcome CHECK (
        CASE status WHEN 'ended' THEN end_reason IS NOT NULL AND winner_is_npc IS NOT NULL
                    WHEN 'live' THEN end_reason IS NULL AND winner_is_npc IS NULL AND winner_id IS NULL
                    ELSE true END)`);
    await run(`
      ALTER TABLE ${t.history} ALTER COLUMN winner_is_npc SET NOT NULL, ALTER COLUMN end_reason SET NOT NULL,
        ADD CONSTRAINT game_history_winner CHECK (NOT (winner_is_npc AND winner_id IS NOT NULL))`);
  },
};

const soundOutcome = `(
  json_typeof(outcome -> 'endReason') = 'string' AND json_typeof(outcome -> 'winnerIds') = 'array'
  AND json_typeof(outcome -> 'winnerIsNpc') = 'boolean') IS TRUE`;

const referHistoryPlayers = (t: Tables) => `
  ALTER TABLE ${t.historyPlayers} ADD FOREIGN KEY (game_id) REFERENCES ${t.history} (game_id) ON DELETE CASCADE`;

/** Whose games these are: one row with an id of the schema's own and, once a process has started, the game's name. */
const deployment: Migration = {
  name: "0005-deployment",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.deployment} (
        one boolean PRIMARY KEY DEFAULT true CONSTRAINT game_deployment_one CHECK (one),
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        game text
      )`);
    await run(`INSERT INTO ${t.deployment} DEFAULT VALUES`);
  },
  async down({ run, tables: t }) {
    await run(`DROP TABLE ${t.deployment}`);
  },
};

/** Quarantined games can be counted without a look at the others. */
const quarantined: Migration = {
  name: "0007-quarantined",
  async up({ run, tables: t }) {
    await run(`CREATE INDEX active_games_quarantined ON ${t.games} (id) WHERE status = 'quarantined'`);
  },
  async down({ run, tables: t }) {
    await run(`DROP INDEX "${t.schema}".active_games_quarantined`);
  },
};

/** Finished games can be listed by their end. */
const historyByEnd: Migration = {
  name: "0008-history-by-end",
  async up({ run, tables: t }) {
    await run(`CREATE INDEX game_history_ended ON ${t.history} (ended_at, game_id)`);
  },
  async down({ run, tables: t }) {
    await run(`DROP INDEX "${t.schema}".game_history_ended`);
  },
};

/** Each game keeps the version of the rules that it began under; of those before, it is the first. */
const rulesVersions: Migration = {
  name: "0009-rules-versions",
  async up({ run, tables: t }) {
    for (const table of [t.games, t.history]) {
      await run(`ALTER TABLE ${table} ADD COLUMN rules_version integer NOT NULL DEFAULT 1`);
    }
  },
  async down({ run, tables: t }) {
    for (const table of [t.games, t.history]) await run(`ALTER TABLE ${table} DROP COLUMN rules_version`);
  },
};

/**
 * The ids of live and ended games once more, with the version of their rules, which never changes; kept by triggers. A
 * count of them reads narrow rows that no flush writes, so it takes as long after a day of play as on a fresh table. A
 * flush changes no status that counts, and calls none.
 */
const activeIds: Migration = {
  name: "0010-active-ids",
  async up({ run, tables: t }) {
    const counts = (row: "OLD" | "NEW") => `${row}.status IN ('live', 'ended')`;
    const track = `EXECUTE FUNCTION "${t.schema}".track_active_game()`;
    await run(`CREATE TABLE ${t.activeIds} (id uuid PRIMARY KEY, rules_version integer NOT NULL)`);
    await run(`
      CREATE FUNCTION "${t.schema}".track_active_game() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP <> 'INSERT' THEN DELETE FROM ${t.activeIds} WHERE id = OLD.id; END IF;
        IF TG_OP <> 'DELETE' AND ${counts("NEW")} THEN
          INSERT INTO ${t.activeIds} (id, rules_version) VALUES (NEW.id, NEW.rules_version);
        END IF;
        RETURN NULL;
      END $$`);
    await run(
      `CREATE TRIGGER active_games_made AFTER INSERT ON ${t.games} FOR EACH ROW WHEN (${counts("NEW")}) ${track}`,
    );
    await run(`
      CREATE TRIGGER active_games_moved AFTER UPDATE OF status ON ${t.games} FOR EACH ROW WHEN
        ((${counts("OLD")}) <> (${counts("NEW")})) ${track}`);
    await run(
      `CREATE TRIGGER active_games_gone AFTER DELETE ON ${t.games} FOR EACH ROW WHEN (${counts("OLD")}) ${track}`,
    );
    await run(`
      INSERT INTO ${t.activeIds} (id, rules_version)
      SELECT id, rules_version FROM ${t.games} WHERE status IN ('live', 'ended')`);
  },
  async down({ run, tables: t }) {
    for (const trigger of ["made", "moved", "gone"]) await run(`DROP TRIGGER active_games_${trigger} ON ${t.games}`);
    await run(`DROP FUNCTION "${t.schema}".track_active_game()`);
    await run(`DROP TABLE ${t.activeIds}`);
  },
};

/** What stands beside a game's state, with a version of its own; no flush touches it. */
const metadata: Migration = {
  name: "0011-metadata",
  async up({ run, tables: t }) {
    await run(`
      ALTER TABLE ${t.games} ADD COLUMN metadata text, ADD COLUMN metadata_version bigint NOT NULL DEFAULT 0
        CONSTRAINT active_games_metadata CHECK (metadata_version >= 0)`);
    await run(`ALTER TABLE ${t.history} ADD COLUMN metadata text`);
  },
  async down({ run, tables: t }) {
    await run(`ALTER TABLE ${t.games} DROP COLUMN metadata, DROP COLUMN metadata_version`);
    await run(`ALTER TABLE ${t.history} DROP COLUMN metadata`);
  },
};

/** All steps of the schema, in order. */
export const migrations: readonly Migration[] = [
  games,
  history,
  sharedWork,
  historyId,
  deployment,
  outcomes,
  quarantined,
  historyByEnd,
  rulesVersions,
  activeIds,
  metadata,
];

/** Has large texts compressed by LZ4, several times cheaper than the default, if the server was built with it. */
async function compress(run: MigrationContext["run"], table: string, columns: readonly string[]): Promise<void> {
  const able = await run(`
    SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)`);
  if (able.length === 0) return;
  for (const column of columns) await run(`ALTER TABLE ${table} ALTER COLUMN ${column} SET COMPRESSION lz4`);
}
