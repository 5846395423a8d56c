import type { GameId } from "@turnkeep/core";
import type { CallOptions, Database } from "../../database.js";

/** Always true: memory refuses nothing that it has kept. */
export function canStore(db: Database, gameId: GameId, options?: CallOptions): boolean {
  db.check(options, gameId);
  return true;
}
