import type { News } from "@turnkeep/api/schemas";
import { lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { GameStateManager, LoadedGame } from "@turnkeep/manager";
import { viewerAmong } from "../served/project-game.js";
import type { ShownGame } from "../served/served-game.js";
import { viewWrites } from "./finished-game.js";

/** A player who was away for longer gets so many writes, the newest. */
export const mostNews = 200;

/**
 * What happened in a live game since a version. Creation is revision 1, and each write of a server makes the next
 * revision and one line of the log, so that line n is the write that made revision n + 1; the numbers go on when a game
 * is loaded anew. `exact` is false where lines are left out, or where the version is of another lineage: then the game
 * was loaded anew since, and if the cache had been lost, others may have taken the place of the newest that were seen.
 */
export async function newsSince<State extends object>(
  served: ShownGame<State>,
  manager: Pick<GameStateManager<State>, "getLog">,
  { state, version }: LoadedGame<State>,
  viewerId: string | null,
  since: Version,
): Promise<News> {
  const now = Number(revisionOf(version));
  const seen = Number(revisionOf(since));
  const from = Math.max(seen, now - mostNews, 1);
  const exact = lineageOf(since) === lineageOf(version) && from === seen && seen <= now;
  if (from >= now) return { writes: [], exact };
  const log = await manager.getLog(served.game.idOf(state), from);
  const viewer = viewerAmong(served.game.playersOf(state), viewerId);
  const onlooker = { viewerId: viewer === "spectator" ? null : viewer.playerId, open: false };
  return { writes: viewWrites(served, log.slice(0, now - from), onlooker), exact };
}
