import type { GameId } from "@turnkeep/core";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { isActive, type LogEntry } from "../../stored-row.js";

/** Log entries of a live or ended game from number `from` on, at most `limit`; number 0 is the initial state. */
export function readLog(
  db: Database,
  gameId: GameId,
  { from, limit }: { from: number; limit: number },
  options?: CallOptions,
): readonly LogEntry[] {
  const row = db.space.rows.get(gameId, db.check(options, gameId));
  assertWhole("from", from, 0);
  assertWhole("limit", limit, 1);
  if (!isActive(row)) return [];
  const whole = [...(row.initialState === null ? [] : [{ seq: 0, entry: row.initialState }]), ...row.log];
  return whole.filter(({ seq }) => seq >= from).slice(0, limit);
}
