import type { CacheCallOptions, DirtyBacklog } from "@turnkeep/core/ports";
import type { CacheSpace } from "../cache-space.js";
import type { Context } from "../context.js";

/** BACKLOG: how many games are dirty, and how overdue the most overdue one is. */
export function backlog({ space, check }: Context, options?: CacheCallOptions): DirtyBacklog {
  check(options);
  return backlogOf(space);
}

export function backlogOf(space: Pick<CacheSpace, "dueAt" | "now">): DirtyBacklog {
  const oldest = Math.min(...space.dueAt.values());
  return { games: space.dueAt.size, oldestOverdueMs: Math.max(0, space.now() - oldest) };
}
