import { containsRow, type GameId } from "@turnkeep/core";
import type { ActiveGame, CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";
import { placeRow } from "./install.js";

/** RESET: only over the forked lineage, and only by a row that has what the copy lacks. */
export function reset(
  context: Context,
  gameId: GameId,
  forkedLineage: string,
  row: ActiveGame,
  options?: CacheCallOptions,
): boolean {
  context.check(options, gameId);
  const { space } = context;
  const copy = space.copy(gameId);
  if (copy === undefined || copy.lineage !== forkedLineage) return false;
  if (containsRow({ version: versionOf(copy), base: copy.base }, row.version)) return false;
  space.publish(gameId, versionOf(placeRow(context, row)));
  return true;
}
