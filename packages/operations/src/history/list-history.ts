import type { GameHistoryRecord, Page, Store } from "@turnkeep/core/ports";

/** Which finished games are listed: those that pass all of what is given. */
export interface HistoryFilter {
  readonly playerId?: string | undefined;
  readonly gameType?: string | undefined;
  readonly endReason?: string | undefined;
  /** Whether something is missing of the game's replay. */
  readonly incomplete?: boolean | undefined;
  /** Only games that ended less than so long ago, by the store's clock. */
  readonly withinMs?: number | undefined;
}

/** A finished game, and where a listing goes on after it. */
export interface FinishedGame {
  readonly record: GameHistoryRecord;
  /**
   * Another listing that begins here leaves out no game after this one. It repeats some of this game's page if this game
   * was deleted meanwhile, or moved out of its page by newer ones. `null`: this is the last game.
   */
  readonly cursor: string | null;
}

export interface HistoryOptions {
  /** Where an earlier listing left off. */
  readonly cursor?: string | null | undefined;
  /** At most 500. @default 500 */
  readonly pageGames?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The finished games that pass the filter, newest first, without their replays, in memory that does not grow with their
 * number.
 * @throws InvalidInput for a cursor that is none; StoreUnavailable, Aborted
 */
export async function* listHistory(
  store: Pick<Store, "listHistory" | "now">,
  filter: HistoryFilter,
  { cursor = null, pageGames = 500, signal }: HistoryOptions = {},
): AsyncGenerator<FinishedGame> {
  const { playerId = null, withinMs } = filter;
  const since = withinMs === undefined ? 0 : (await store.now({ signal })) - withinMs;
  let [after, last] = cursor === null ? [null, ""] : placeOf(cursor);
  do {
    const page: Page<GameHistoryRecord> = await store.listHistory(playerId, { limit: pageGames, after }, { signal });
    const known = page.items.findIndex(({ gameId }) => gameId === last) + 1;
    for (const [index, record] of page.items.slice(known).entries()) {
      if (record.endedAt < since) return;
      const isLast = known + index === page.items.length - 1;
      const next = isLast ? page.next && cursorOf(page.next, "") : cursorOf(after ?? "", record.gameId);
      if (passes(record, filter)) yield { record, cursor: next };
    }
    [after, last] = [page.next, ""];
  } while (after !== null);
}

/** A store's cursors are of whole pages, so a game inside a page is named beside the page before. */
const cursorOf = (after: string, last: string): string => `${after}/${last}`;

function placeOf(cursor: string): [after: string | null, last: string] {
  const [, after = cursor, last = ""] = /^(.*)\/(.*)$/.exec(cursor) ?? [];
  return [after === "" ? null : after, last];
}

function passes(record: GameHistoryRecord, { gameType, endReason, incomplete }: HistoryFilter): boolean {
  if (gameType !== undefined && gameType !== record.gameType) return false;
  if (endReason !== undefined && endReason !== record.outcome.endReason) return false;
  return incomplete === undefined || incomplete === record.incomplete;
}
