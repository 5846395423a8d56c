import { assertGameId, assertWriteId, rememberWrite, toVersion } from "@turnkeep/core";
import type { ActiveGame, OverwriteRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { binaryTextArray } from "../../connection/text-array.js";
import { type GameRow, gameColumns, toActiveGame } from "../../schema/rows.js";
import { appendLog, lockGame } from "../locked-row.js";

/** A fence for a row whose lock is held, above the one it has. $1 the row's fence */
const drawFence: Statement<{ fence: string }> = {
  name: "draw-fence",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `SELECT ${t.fenceAbove("$1::bigint")} AS fence`,
};

/**
 * Writes a new state over a live row whose lock is held, in a new lineage that begins with its fence.
 * $1 id · $2 fence and lineage · $3 revision · $4 state · $5 schema version · $6 turn · $7 write ids · $8 log count
 * · $9 due
 */
const overwriteGame: Statement<GameRow> = {
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

/** Writes over a live row in a new lineage; `null` if the row is not at the base that the state was made from. */
export async function overwrite(
  db: Database,
  request: OverwriteRequest,
  options?: CallOptions,
): Promise<ActiveGame | null> {
  const { gameId, baseRevision, state, schemaVersion, turnNumber, dueAt, writeId, entries = [] } = request;
  assertGameId(gameId);
  assertWriteId(writeId);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    if (row?.status !== "live" || row.revision !== baseRevision) return null;
    const [drawn] = await session.run(drawFence, [row.fence]);
    if (!drawn) throw new Error("a clock always has a time");
    const revision = String(BigInt(baseRevision) + 1n);
    const writeIds = rememberWrite(row.write_ids, writeId, toVersion(drawn.fence, revision));
    const logCount = Number(row.log_count) + entries.length;
    if (entries.length > 0) {
      await session.run(appendLog, [gameId, Number(row.log_count) + 1, binaryTextArray(entries)]);
    }
    const values = [gameId, drawn.fence, revision, state, schemaVersion, turnNumber, writeIds, logCount, dueAt];
    const [written] = await session.run(overwriteGame, values);
    return written ? toActiveGame(written) : null;
  });
}
