import type { GameId } from "@turnkeep/core";
import type { Cache, CopyFacts, RowFacts, Store, StoredFacts } from "@turnkeep/core/ports";

/** A game that is not over, as both sides have it. */
export interface ListedGame {
  readonly gameId: GameId;
  readonly status: "live" | "ended" | "quarantined";
  readonly row: RowFacts;
  readonly copy: CopyFacts | null;
  /** For how long neither side has seen an action, each by its own clock. */
  readonly idleMs: number;
}

/** Which games are listed: those that pass all of what is given. */
export interface GameFilter {
  readonly status?: ListedGame["status"] | undefined;
  readonly playerId?: string | undefined;
  readonly gameType?: string | undefined;
  /** Whether Redis has writes that Postgres may lack. */
  readonly dirty?: boolean | undefined;
  readonly idleForMs?: number | undefined;
}

export interface ListOptions {
  /** Only games after this one. */
  readonly after?: GameId | null | undefined;
  /** @default 500 */
  readonly pageGames?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListedStores {
  readonly cache: Pick<Cache, "inspect" | "now">;
  readonly store: Pick<Store, "inspect" | "now">;
}

/**
 * The games that pass the filter, by id, in memory that does not grow with their number. Fences nothing. A game that is
 * created meanwhile may be left out.
 * @throws StoreUnavailable, CacheUnavailable, Aborted, InvalidGameId
 */
export async function* listGames(
  { cache, store }: ListedStores,
  filter: GameFilter,
  { after = null, pageGames = 500, signal }: ListOptions = {},
): AsyncGenerator<ListedGame> {
  for await (const page of storedPages(store, { after, pageGames, signal })) {
    const gameIds = page.map(({ gameId }) => gameId);
    const [copies, storeMs, cacheMs] = await Promise.all([
      cache.inspect(gameIds, { signal }),
      store.now({ signal }),
      cache.now({ signal }),
    ]);
    const copyOf = new Map(copies.map((copy) => [copy.gameId, copy]));
    for (const { gameId, status, row } of page) {
      if (row === null || status === "archived" || status === "deleted") continue;
      const copy = copyOf.get(gameId) ?? null;
      const inStore = storeMs - row.lastActionAt;
      const idleMs = copy?.dirty ? Math.min(inStore, cacheMs - copy.lastActionAt) : inStore;
      const game = { gameId, status, row, copy, idleMs: Math.max(0, idleMs) };
      if (passes(game, filter)) yield game;
    }
  }
}

/** What is stored of the games that are not over, by id, page by page. @throws StoreUnavailable, Aborted */
export async function* storedPages(
  store: Pick<Store, "inspect">,
  { after = null, pageGames = 500, signal }: ListOptions,
): AsyncGenerator<readonly StoredFacts[]> {
  for (let last = after; ; ) {
    const page: readonly StoredFacts[] = await store.inspect({ after: last, limit: pageGames }, { signal });
    last = page.at(-1)?.gameId ?? null;
    if (last !== null) yield page;
    if (last === null || page.length < pageGames) return;
  }
}

function passes({ status, row, copy, idleMs }: ListedGame, filter: GameFilter): boolean {
  if (filter.status !== undefined && filter.status !== status) return false;
  if (filter.playerId !== undefined && !row.playerIds.includes(filter.playerId)) return false;
  if (filter.gameType !== undefined && filter.gameType !== row.gameType) return false;
  if (filter.dirty !== undefined && filter.dirty !== (copy?.dirty ?? false)) return false;
  return filter.idleForMs === undefined || idleMs >= filter.idleForMs;
}
