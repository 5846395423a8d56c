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

/** A finished game, and the cursor from which a listing goes on after its page. */
export interface FinishedGame {
  readonly record: GameHistoryRecord;
  /** Where another listing goes on after this game's page; `null` at the end. */
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
  let after = cursor;
  do {
    const page: Page<GameHistoryRecord> = await store.listHistory(playerId, { limit: pageGames, after }, { signal });
    for (const record of page.items) {
      if (record.endedAt < since) return;
      if (passes(record, filter)) yield { record, cursor: page.next };
    }
    after = page.next;
  } while (after !== null);
}

function passes(record: GameHistoryRecord, { gameType, endReason, incomplete }: HistoryFilter): boolean {
  if (gameType !== undefined && gameType !== record.gameType) return false;
  if (endReason !== undefined && endReason !== record.outcome.endReason) return false;
  return incomplete === undefined || incomplete === record.incomplete;
}
