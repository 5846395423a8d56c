import { isTurnkeepError, type Runtime } from "@turnkeep/core";
import { busy, isAway, isUnreadable, probablyADeploy, toError } from "../errors.js";
import type { Logger } from "../events.js";
import { throwIfAborted } from "../util/abort.js";
import { mapLimit } from "../util/limiter.js";

export interface FailedGame {
  readonly gameId: string;
  readonly error: Error;
}

export interface Sweep {
  readonly runtime: Pick<Runtime, "schedule">;
  /** The ids after this one, at most `limit`, in order. */
  readonly list: (after: string | null, limit: number) => Promise<readonly string[]>;
  readonly visit: (gameId: string) => Promise<void>;
  /** Games that are passed over. */
  readonly isPaused?: ((gameId: string) => boolean) | undefined;
  readonly pageGames: number;
  /** Games visited at once, without those that turned out to be slow. */
  readonly atOnce: number;
  /** Whether the sweep ends before its slow games do, and counts them as failed; default false. */
  readonly leaveSlow?: boolean;
  readonly onPage?: ((games: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

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

/** How long a sweep waits for one game before it goes on to the next; that one goes on beside it. */
const patienceMs = 500;

/**
 * Visits games page by page, in memory that does not grow with their number. A game that fails is remembered, and the
 * others go on; so does one that is slow, such as for a locked row, and no other game waits for it; so does one that
 * this process cannot read.
 * @throws StoreUnavailable, CacheUnavailable, Aborted at once: every further game would fail as well; InvalidState,
 * UnsupportedSchema, StateTooLarge after ten games in a row that this process cannot read
 */
export async function sweepPages(sweep: Sweep): Promise<FailedGame[]> {
  const { runtime, list, visit, isPaused = () => false, pageGames, atOnce, leaveSlow = false, onPage, signal } = sweep;
  const failed: FailedGame[] = [];
  const unreadable = new UnreadableInARow();
  const underWay = new Map<string, Promise<void>>();
  const hopeless: unknown[] = [];
  const throwIfHopeless = () => {
    throwIfAborted(signal);
    if (hopeless.length > 0) throw hopeless[0];
  };
  const countUnreadable = (error: unknown) => {
    try {
      unreadable.failed(error);
    } catch (tooMany) {
      hopeless.push(tooMany);
    }
  };
  const visitOne = async (gameId: string) => {
    try {
      await visit(gameId);
      unreadable.succeeded();
    } catch (error) {
      failed.push({ gameId, error: toError(error) });
      if (isHopeless(error)) hopeless.push(error);
      else countUnreadable(error);
    } finally {
      underWay.delete(gameId);
    }
  };
  let after: string | null = null;
  for (;;) {
    throwIfHopeless();
    const page: readonly string[] = await list(after, pageGames);
    await mapLimit(page, atOnce, async (gameId) => {
      throwIfHopeless();
      if (isPaused(gameId)) return;
      const visited = visitOne(gameId);
      underWay.set(gameId, visited);
      await eitherOf(visited, runtime);
      throwIfHopeless();
    });
    onPage?.(page.length);
    after = page.at(-1) ?? null;
    if (page.length < pageGames || after === null) break;
  }
  if (leaveSlow) return [...failed, ...[...underWay.keys()].map((gameId) => ({ gameId, error: tooSlow(gameId) }))];
  await Promise.all(underWay.values());
  throwIfHopeless();
  return failed;
}

/** Resolves once the visit has ended or the sweep's patience has. */
function eitherOf(visited: Promise<void>, runtime: Sweep["runtime"]): Promise<void> {
  return new Promise((resolve) => {
    const cancel = runtime.schedule(resolve, patienceMs);
    visited.then(() => {
      cancel();
      resolve();
    });
  });
}

function tooSlow(gameId: string): Error {
  return busy("StoreUnavailable", "unknown", `game ${gameId} takes long, and goes on beside the sweep`);
}

/** Whether every further game would fail as well. */
export function isHopeless(error: unknown): boolean {
  return isTurnkeepError(error, "Aborted") || isAway(error);
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
