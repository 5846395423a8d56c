import type { GameId, Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import { isDirty, versionOf } from "../stored-copy.js";

/** EVICT: a load under way loses its token in every case, so that it cannot bring the game back. */
export function evict({ space }: Context, gameId: GameId, version: Version | undefined): "ok" | "absent" | "newer" {
  const copy = space.copy(gameId);
  space.endLoad(gameId);
  if (copy !== undefined && version !== undefined && (isDirty(copy) || versionOf(copy) !== version)) return "newer";
  space.forget(gameId);
  space.dueAt.delete(gameId);
  if (copy !== undefined || version === undefined) space.publish(gameId, "gone");
  return copy === undefined ? "absent" : "ok";
}
