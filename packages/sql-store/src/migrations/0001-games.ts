import { compress } from "./compress.js";
import type { Migration } from "./migration.js";

/**
 * Active games and their log.
 *
 * A flush changes no indexed column and finds room on the same page (fillfactor), so that it writes to no index.
 */
export const games: Migration = {
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
          CONSTRAINT active_games_game_type CHECK (game_type IN ('campaign', 'freeplay', 'ranked')),
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
