import type { CacheCallOptions, DirtyBacklog } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { singleTag } from "../keys.js";
import { textsOf } from "./texts.js";

/** BACKLOG of the one index, or of all parts of a Cluster's that hold games. */
export async function backlog(context: Context, options?: CacheCallOptions): Promise<DirtyBacklog> {
  const tags = context.dirtyParts === null ? [singleTag] : await context.dirtyParts.filled();
  const parts = await Promise.all(tags.map((tag) => backlogOf(context, tag, options?.signal)));
  return {
    games: parts.reduce((sum, part) => sum + part.games, 0),
    oldestOverdueMs: parts.reduce((oldest, part) => Math.max(oldest, part.oldestOverdueMs), 0),
  };
}

/** BACKLOG of one index. @throws Misconfigured if it is another deployment's */
export async function backlogOf(
  { flusher, keyring }: Context,
  tag: string,
  signal?: AbortSignal,
): Promise<DirtyBacklog> {
  const [games, overdue] = textsOf(
    await flusher.run("backlog", [keyring.index(tag), keyring.deployment(tag)], [], signal),
  );
  return { games: Number(games), oldestOverdueMs: Number(overdue) };
}
