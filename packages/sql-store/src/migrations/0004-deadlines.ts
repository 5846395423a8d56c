import type { Migration } from "./migration.js";

/**
 * When games are due, and the clock that tells it. The clock is one row, which every beat rewrites in place; it begins
 * at 0. Only games with a deadline are in the index, so that for all others a flush still changes no indexed column.
 */
export const deadlines: Migration = {
  name: "0004-deadlines",
  async up({ run, tables: t }) {
    await run(`
      ALTER TABLE ${t.games} ADD COLUMN due_at bigint CONSTRAINT active_games_due CHECK (due_at >= 0)`);
    await run(`
      CREATE INDEX active_games_due ON ${t.games} (due_at) WHERE status = 'live' AND due_at IS NOT NULL`);
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
    await run(`ALTER TABLE ${t.games} DROP COLUMN due_at`);
  },
};
