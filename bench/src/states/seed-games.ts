import type { Site } from "../contenders/contender.js";
import { create, openTurnkeep } from "../contenders/turnkeep.js";
import { gameIdOf, playedGame, players, type StateSize } from "./played-game.js";

/** Games that are created in the ordinary way; the others are copies of their rows under ids of their own. */
const originals = 16;
/** One player is in so many games. */
export const gamesOfOnePlayer = 25;

/** The first player of a seeded game. */
export const seededPlayer = (number: number) => playerOf("4d4d4d4d", number);
const playerOf = (begin: string, number: number) =>
  `${begin}-4444-4444-8444-${Math.floor(number / gamesOfOnePlayer)
    .toString(16)
    .padStart(12, "0")}`;

/**
 * Fills Turnkeep's tables with so many live games, numbered from 0, each with its own id and with players of its own.
 * Nothing of them is cached.
 */
export async function seedTurnkeep(site: Site, size: StateSize, games: number): Promise<void> {
  const manager = await openTurnkeep(site);
  // Ids past those of the copies.
  const first = 2 ** 40;
  for (let number = 0; number < originals; number += 1) {
    await create(manager, { ...playedGame(size, number), gameId: gameIdOf(first + number) });
  }
  await manager.close();
  const schema = `"${site.schema}"`;
  const { db } = site;
  const renamed = (text: string) =>
    `replace(replace(replace(${text}, original.id::text, copy.id::text), '${players[0]}', copy.one), '${players[1]}', copy.two)`;
  const copies = `
      SELECT copy.number, ('3c3c3c3c-3333-4333-8333-' || lpad(to_hex(copy.number), 12, '0'))::uuid AS id,
        '4d4d4d4d-4444-4444-8444-' || lpad(to_hex(copy.number / ${gamesOfOnePlayer}), 12, '0') AS one,
        '5e5e5e5e-5555-4555-8555-' || lpad(to_hex(copy.number / ${gamesOfOnePlayer}), 12, '0') AS two
      FROM generate_series(0, ${games - 1}) AS copy(number)`;
  const from = `(SELECT *, row_number() OVER (ORDER BY id) - 1 AS number FROM ${schema}.active_games) AS numbered`;
  await db.query(`CREATE TABLE ${schema}.original_games AS SELECT * FROM ${from}`);
  await db.query(`
      INSERT INTO ${schema}.active_games
      SELECT (json_populate_record(original_row, json_build_object(
        'id', copy.id, 'player_ids', json_build_array(copy.one, copy.two), 'state', ${renamed("original.state")}
      ))).*
      FROM (${copies}) AS copy
      JOIN ${schema}.original_games AS original ON original.number = copy.number % ${originals}
      JOIN ${schema}.active_games AS original_row ON original_row.id = original.id`);
  await db.query(`
      INSERT INTO ${schema}.game_log (game_id, seq, entry)
      SELECT copy.id, log.seq, ${renamed("log.entry")}
      FROM (${copies}) AS copy
      JOIN ${schema}.original_games AS original ON original.number = copy.number % ${originals}
      JOIN ${schema}.game_log AS log ON log.game_id = original.id`);
  for (const [table, column] of [
    ["game_log", "game_id"],
    ["active_games", "id"],
  ]) {
    await db.query(`DELETE FROM ${schema}.${table} WHERE ${column} IN (SELECT id FROM ${schema}.original_games)`);
  }
  await db.query(`VACUUM ANALYZE ${schema}.active_games`);
  await db.query("CHECKPOINT");
}

/** Copies the same games into the plain tables of the limit and of the usual design, which have to be there. */
export async function seedPlain({ db, schema }: Site): Promise<void> {
  const plain = `"${schema}_plain"`;
  await db.query(
    `INSERT INTO ${plain}.games (id, state, players) SELECT id, state, player_ids FROM "${schema}".active_games`,
  );
  await db.query(`
      INSERT INTO ${plain}.naive_games (id, state, players, "createdAt", "updatedAt")
      SELECT id, state::jsonb, player_ids, now(), now() FROM "${schema}".active_games`);
  for (const table of ["games", "naive_games"]) await db.query(`VACUUM ANALYZE ${plain}.${table}`);
  await db.query("CHECKPOINT");
}
