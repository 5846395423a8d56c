import { assertGameId, assertWriteId, rememberWrite, toVersion } from "@turnkeep/core";
import type { ActiveGame, OverwriteRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { toActiveGame } from "../rows.js";
import { appendLog } from "../statements/append-log.js";
import { drawFence } from "../statements/draw-fence.js";
import { lockGame } from "../statements/lock-game.js";
import { overwriteGame } from "../statements/overwrite-game.js";
import { binaryTextArray } from "../text-array.js";

/** Writes over a live row in a new lineage; `null` where the row is not at the base that the state was made from. */
export async function overwrite(
  db: Database,
  request: OverwriteRequest,
  options: CallOptions,
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
