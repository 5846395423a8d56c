import { assertGameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { RowAt } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/**
 * Quarantines a live or ended row that has not moved on since it was read, with the reason and the bytes that could not
 * be read. $1 id · $2 fence · $3 lineage · $4 revision · $5 reason · $6 bytes
 */
const quarantineGame: Statement<{ id: string }> = {
  name: "quarantine-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} SET status = 'quarantined', quarantine_reason = $5::text, quarantined = $6::bytea
    WHERE id = $1::uuid AND status IN ('live', 'ended')
      AND fence = $2::bigint AND lineage = $3::bigint AND revision = $4::bigint
    RETURNING id`,
};

/** Quarantines a live or ended game; false if there is none, or its row has moved on. */
export async function quarantine(
  db: Database,
  { gameId, version, fence }: RowAt,
  reason: string,
  unreadable: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  assertGameId(gameId);
  const values = [gameId, fence, lineageOf(version), revisionOf(version), reason, Buffer.from(unreadable)];
  const rows = await db.run(quarantineGame, values, options);
  return rows.length > 0;
}
