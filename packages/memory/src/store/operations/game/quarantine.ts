import type { RowAt } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { isActive } from "../../stored-row.js";

/** QUARANTINE: a row that has not moved on stays as it is for an operator, and nothing serves or changes it. */
export function quarantine(
  db: Database,
  { gameId, version, fence }: RowAt,
  reason: string,
  unreadable: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  const { rows } = db.space;
  return db.transact([gameId], options, (transaction) => {
    const row = rows.get(gameId, transaction);
    if (!isActive(row) || row.game.version !== version || row.game.fence !== fence) return false;
    rows.set(gameId, { ...row, status: "quarantined", reason, unreadable: unreadable.slice() }, transaction);
    return true;
  });
}
