import type { ActiveGame } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { isActive } from "../../stored-row.js";

/** How many games are live or ended. */
export function countActive(db: Database, options?: CallOptions): number {
  return activeGames(db, options).length;
}

/** How many games are quarantined. */
export function countQuarantined(db: Database, options?: CallOptions): number {
  return db.space.rows.entries(db.check(options)).filter(([, row]) => row.status === "quarantined").length;
}

/** How many games are live or ended under each version of the rules. */
export function countByRules(db: Database, options?: CallOptions): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { rulesVersion } of activeGames(db, options)) {
    counts.set(rulesVersion, (counts.get(rulesVersion) ?? 0) + 1);
  }
  return counts;
}

/** Live and ended games by id; tombstones and quarantined games are in no listing. */
export function activeGames(db: Database, options?: CallOptions): readonly ActiveGame[] {
  return db.space.rows.entries(db.check(options)).flatMap(([, row]) => (isActive(row) ? [row.game] : []));
}
