import { compress } from "./compress.js";
import type { Migration } from "./migration.js";

/** Finished games, exactly one row a game, and the index of them by player. */
export const history: Migration = {
  name: "0002-history",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.history} (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        game_id uuid NOT NULL CONSTRAINT game_history_game UNIQUE,
        game_type text NOT NULL
          CONSTRAINT game_history_game_type CHECK (game_type IN ('campaign', 'freeplay', 'ranked')),
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
