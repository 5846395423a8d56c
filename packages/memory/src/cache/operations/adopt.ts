import { compareDecimals, type Fence, type GameId, type Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";

/** ADOPT: the version stays, and so does a fence that is newer already; a load under way loses its token. */
export function adopt({ space }: Context, gameId: GameId, lineage: string, fence: Fence): Version | null {
  const copy = space.copy(gameId);
  if (copy === undefined || copy.epoch !== space.epoch || copy.lineage !== lineage) return null;
  space.endLoad(gameId);
  if (compareDecimals(copy.fence, fence) < 0) space.put({ ...copy, fence });
  return versionOf(copy);
}
