import { assertGameId, assertWriteId, lineageOf, revisionOf } from "@turnkeep/core";
import type { CopyWithOrigin, CreateReply, NewGame } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { binaryTextArray } from "../../connection/text-array.js";
import { type GameRow, gameColumns, toActiveGame } from "../../schema/rows.js";
import { readStatus, whileRowChanges } from "./status.js";

/**
 * Makes a game's row and its initial state, entry 0 of its log; returns the row.
 * No row comes back if the id is or was in use: a row of any status, or history. Of two at once, the second waits
 * for the first to commit.
 * $1 id · $2 game type · $3 player ids · $4 NPC · $5 rules · $6 state · $7 schema version · $8 turn · $9 write id
 * · $10 due
 */
const createGame: Statement<GameRow> = {
  name: "create-game",
  writes: true,
  sql: (t) => `
    WITH drawn AS MATERIALIZED (SELECT ${t.nextFence} AS fence),
    created AS (
      INSERT INTO ${t.games} (
        id, status, lineage, revision, fence, turn_number, game_type, player_ids, npc_id, rules, state,
        schema_version, write_ids, log_count, due_at, started_at, last_action_at)
      SELECT $1::uuid, 'live', drawn.fence, 1, drawn.fence, $8::integer, $2::text, $3::text[], $4::text, $5::text::json,
        $6::text, $7::integer, $9::text || '@' || drawn.fence || '.1', 0, $10::bigint, now(), now()
      FROM drawn
      WHERE NOT EXISTS (SELECT FROM ${t.history} h WHERE h.game_id = $1::uuid)
      ON CONFLICT (id) DO NOTHING
      RETURNING *
    ), initial AS (
      INSERT INTO ${t.log} (game_id, seq, entry) SELECT id, 0, state FROM created
    )
    SELECT ${gameColumns("g")} FROM created g`,
};

/** Makes a game's row, unless the id is or was in use. @throws InvalidGameId, InvalidInput */
export function create(db: Database, game: NewGame, options?: CallOptions): Promise<CreateReply> {
  assertGameId(game.gameId);
  assertWriteId(game.writeId);
  const values = [
    game.gameId,
    game.gameType,
    game.playerIds,
    game.npcId,
    game.rules,
    game.state,
    game.schemaVersion,
    game.turnNumber,
    game.writeId,
    game.dueAt,
  ];
  return whileRowChanges(async () => {
    const [row] = await db.run(createGame, values, options);
    if (row) return { kind: "created", game: toActiveGame(row) };
    const { status } = await readStatus(db, game.gameId, options);
    return status === "missing" ? null : { kind: "exists", status };
  });
}

/**
 * Makes the row of a copy that has none, and its log as far as the copy has it; returns the id. Nothing comes back if
 * the id is or was in use: a row of any status, or history.
 * $1 id · $2 status · $3 lineage · $4 revision · $5 fence · $6 turn · $7 schema version · $8 write ids · $9 log count
 * · $10 outcome · $11 state · $12 due · $13 game type · $14 player ids · $15 NPC · $16 rules · $17 started at, in ms
 * · $18 number of the first entry · $19 entries
 */
const recreateGame: Statement<{ id: string }> = {
  name: "recreate-game",
  writes: true,
  sql: (t) => `
    WITH created AS (
      INSERT INTO ${t.games} (
        id, status, lineage, revision, fence, turn_number, schema_version, write_ids, log_count, outcome, state, due_at,
        game_type, player_ids, npc_id, rules, started_at, last_action_at)
      SELECT $1::uuid, $2::text, $3::bigint, $4::bigint, $5::bigint, $6::integer, $7::integer, $8::text, $9::bigint,
        $10::json, $11::text, $12::bigint, $13::text, $14::text[], $15::text, $16::text::json,
        to_timestamp($17::bigint / 1000.0), now()
      WHERE NOT EXISTS (SELECT FROM ${t.history} h WHERE h.game_id = $1::uuid)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), logged AS (
      INSERT INTO ${t.log} (game_id, seq, entry)
      SELECT created.id, $18::bigint + e.position - 1, e.entry
      FROM created, unnest($19::text[]) WITH ORDINALITY AS e (entry, position)
    )
    SELECT id FROM created`,
};

/** Makes the row of a copy that the store has lost; false if the id is or was in use. */
export async function recreate(
  db: Database,
  { origin, entries, ...copy }: CopyWithOrigin,
  options?: CallOptions,
): Promise<boolean> {
  const { gameId, version, outcome } = copy;
  assertGameId(gameId);
  const rows = await db.run(
    recreateGame,
    [
      gameId,
      copy.status,
      lineageOf(version),
      revisionOf(version),
      copy.fence,
      copy.turnNumber,
      copy.schemaVersion,
      copy.writeIds,
      copy.logCount,
      outcome && JSON.stringify(outcome),
      copy.state,
      copy.dueAt,
      origin.gameType,
      origin.playerIds,
      origin.npcId,
      origin.rules,
      origin.startedAt,
      copy.logCount - entries.length + 1,
      binaryTextArray(entries),
    ],
    options,
  );
  return rows.length > 0;
}
