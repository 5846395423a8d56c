import type { GameId } from "@turnkeep/core";
import type { LoadReply } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { unavailable } from "../errors.js";
import { type LocatedRow, locateGames } from "../statements/locate-games.js";

/** Where one game is, by a statement of its own. */
export async function locate(db: Database, gameId: GameId, options: CallOptions): Promise<LocatedRow> {
  const [row] = await db.run(locateGames, [[gameId]], options);
  if (row) return row;
  throw new Error("a question about one game has one answer");
}

/** What a load without a row means; `null` where the row is live or ended by now, so that the load is tried again. */
export function withoutRow({ status, quarantine_reason }: LocatedRow): LoadReply | null {
  if (status === "live" || status === "ended") return null;
  if (status === "quarantined") return { kind: "quarantined", reason: quarantine_reason };
  return { kind: "none", status };
}

const ROUNDS = 10;

/** Tries again while a row comes or goes between two statements of one operation, a few times at most. */
export async function settle<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await attempt();
    if (result !== null) return result;
  }
  throw unavailable("the game's row changes too fast", "notDone", undefined, "busy");
}
