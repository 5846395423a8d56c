import { type GameRow, gameColumns } from "../rows.js";
import type { Statement } from "../statement.js";

/**
 * Writes a new state over a live row whose lock is held, in a new lineage that begins with its fence.
 * $1 id · $2 fence and lineage · $3 revision · $4 state · $5 schema version · $6 turn · $7 write ids · $8 log count
 * · $9 due
 */
export const overwriteGame: Statement<GameRow> = {
  name: "overwrite-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} g SET
      fence = $2::bigint, lineage = $2::bigint, revision = $3::bigint, state = $4::text, schema_version = $5::integer,
      turn_number = $6::integer, write_ids = $7::text, log_count = $8::bigint, due_at = $9::bigint,
      last_action_at = now()
    WHERE g.id = $1::uuid AND g.status = 'live'
    RETURNING ${gameColumns("g")}`,
};
