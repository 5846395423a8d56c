import type { GameId } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";

/** All ids of cached games, page by page; an id may come twice. Ends early when the signal fires. */
export async function* scanPages(
  cache: Pick<Cache, "scan">,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<readonly GameId[]> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Cache["scan"]>> = await cache.scan({ cursor, limit }, { signal });
    if (page.gameIds.length > 0) yield page.gameIds;
    cursor = page.next;
  } while (cursor !== null && !signal.aborted);
}
