import { isTurnkeepError } from "@turnkeep/core";
import { isBusy, isUnreadable, probablyADeploy, toError } from "../errors.js";
import type { Logger } from "../events.js";
import { throwIfAborted } from "../util/abort.js";
import { mapLimit } from "../util/limiter.js";

export interface FailedGame {
  readonly gameId: string;
  readonly error: Error;
}

export interface Sweep {
  /** The ids after this one, at most `limit`, in order. */
  readonly list: (after: string | null, limit: number) => Promise<readonly string[]>;
  readonly visit: (gameId: string) => Promise<void>;
  /** Games that are passed over. */
  readonly isPaused?: ((gameId: string) => boolean) | undefined;
  readonly pageGames: number;
  /** Games visited at once. */
  readonly atOnce: number;
  readonly onPage?: ((games: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** So many games in a row that are too slow: then the side is, and the others need not wait for it. */
const busyInARow = 10;
/** So many games in a row that this process cannot read, and no readable one between: then this process is wrong. */
const unreadableInARow = 10;

/** Counts games that this process cannot read. */
export class UnreadableInARow {
  #games = 0;

  succeeded(): void {
    this.#games = 0;
  }

  /** @throws InvalidState, UnsupportedSchema, StateTooLarge after ten in a row, with one sentence for them all */
  failed(error: unknown): void {
    if (!isUnreadable(error)) return;
    this.#games += 1;
    if (this.#games === unreadableInARow) throw probablyADeploy(unreadableInARow, error);
  }
}

/**
 * Visits games page by page, in memory that does not grow with their number. A game that fails is remembered, and the
 * others go on; so does one that was too slow, such as for a locked row, or that this process cannot read.
 * @throws StoreUnavailable, CacheUnavailable, Aborted at once: every further game would fail as well; InvalidState,
 * UnsupportedSchema, StateTooLarge after ten games in a row that this process cannot read
 */
export async function sweepPages(sweep: Sweep): Promise<FailedGame[]> {
  const { list, visit, isPaused = () => false, pageGames, atOnce, onPage, signal } = sweep;
  const failed: FailedGame[] = [];
  const unreadable = new UnreadableInARow();
  let after: string | null = null;
  let busy = 0;
  for (;;) {
    throwIfAborted(signal);
    const page: readonly string[] = await list(after, pageGames);
    await mapLimit(page, atOnce, async (gameId) => {
      throwIfAborted(signal);
      if (isPaused(gameId)) return;
      try {
        await visit(gameId);
        busy = 0;
        unreadable.succeeded();
      } catch (error) {
        busy = isBusy(error) ? busy + 1 : 0;
        if (busy === busyInARow || isHopeless(error)) throw error;
        unreadable.failed(error);
        failed.push({ gameId, error: toError(error) });
      }
    });
    onPage?.(page.length);
    after = page.at(-1) ?? null;
    if (page.length < pageGames || after === null) return failed;
  }
}

/** Whether every further game would fail as well. */
export function isHopeless(error: unknown): boolean {
  if (isBusy(error)) return false;
  return (
    isTurnkeepError(error, "StoreUnavailable") ||
    isTurnkeepError(error, "CacheUnavailable") ||
    isTurnkeepError(error, "Aborted")
  );
}

const named = 5;

/** Logs an error per failed game, unless its reading was reported, then one warning that names the first few. */
export function reportFailures(log: Logger, failed: readonly FailedGame[], what: string): void {
  if (failed.length === 0) return;
  for (const { gameId, error } of failed) {
    if (!isUnreadable(error)) log.error({ gameId, err: error }, `a game was not ${what}`);
  }
  const ids = failed.slice(0, named).map(({ gameId }) => gameId);
  const more = failed.length > named ? ` and ${failed.length - named} more` : "";
  log.warn({ failed: failed.length }, `${failed.length} games were not ${what}: ${ids.join(", ")}${more}`);
}
