import { isTurnkeepError, type Runtime } from "@turnkeep/core";
import { busy, isAway, isUnreadable, probablyADeploy, toError } from "../errors.js";
import type { Logger } from "../events.js";
import { throwIfAborted } from "../util/abort.js";
import { mapLimit } from "../util/limiter.js";

export interface FailedGame {
  readonly gameId: string;
  readonly error: Error;
}

interface Visits {
  readonly runtime: Pick<Runtime, "schedule">;
  readonly visit: (gameId: string) => Promise<void>;
  /** Games visited at once, without those that turned out to be slow. */
  readonly atOnce: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PagedSweep extends Visits {
  /** The ids after this one, at most `limit`, in order. */
  readonly list: (after: string | null, limit: number) => Promise<readonly string[]>;
  /** Games that are passed over. */
  readonly isPaused?: ((gameId: string) => boolean) | undefined;
  readonly pageGames: number;
  /** Whether the sweep ends before its slow games do, and counts them as failed; default false. */
  readonly leaveSlow?: boolean;
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
 * Visits games. One that fails is remembered, and the others go on; so does one that is slow, such as for a locked row,
 * and no other game waits for it; so does one that this process cannot read.
 */
export class Sweep {
  readonly #visits: Visits;
  readonly #failed: FailedGame[] = [];
  readonly #unreadable = new UnreadableInARow();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #hopeless: unknown[] = [];

  constructor(visits: Visits) {
    this.#visits = visits;
  }

  /**
   * Resolves once each of these games was visited, or is slow.
   * @throws StoreUnavailable, CacheUnavailable, Aborted at once: every further game would fail as well; InvalidState,
   * UnsupportedSchema, StateTooLarge after ten games in a row that this process cannot read
   */
  async visitAll(gameIds: readonly string[]): Promise<void> {
    this.throwIfHopeless();
    const { atOnce, runtime } = this.#visits;
    await mapLimit(gameIds, atOnce, async (gameId) => {
      this.throwIfHopeless();
      const visited = this.#visitOne(gameId);
      this.#underWay.set(gameId, visited);
      await eitherOf(visited, runtime);
      this.throwIfHopeless();
    });
  }

  /** The games that failed, once the slow ones have ended; or, if those are left, with them. @throws as `visitAll` */
  async end(leaveSlow = false): Promise<FailedGame[]> {
    const slow = leaveSlow ? [...this.#underWay.keys()].map((gameId) => ({ gameId, error: tooSlow(gameId) })) : [];
    if (!leaveSlow) {
      await Promise.all(this.#underWay.values());
      this.throwIfHopeless();
    }
    return [...this.#failed, ...slow];
  }

  /** @throws as `visitAll` */
  throwIfHopeless(): void {
    throwIfAborted(this.#visits.signal);
    if (this.#hopeless.length > 0) throw this.#hopeless[0];
  }

  async #visitOne(gameId: string): Promise<void> {
    try {
      await this.#visits.visit(gameId);
      this.#unreadable.succeeded();
    } catch (error) {
      this.#failed.push({ gameId, error: toError(error) });
      if (isHopeless(error)) this.#hopeless.push(error);
      else this.#countUnreadable(error);
    } finally {
      this.#underWay.delete(gameId);
    }
  }

  #countUnreadable(error: unknown): void {
    try {
      this.#unreadable.failed(error);
    } catch (tooMany) {
      this.#hopeless.push(tooMany);
    }
  }
}

/**
 * Visits all that is listed, page by page, in memory that does not grow with the number of games.
 * @throws as `Sweep.visitAll`, and what `list` throws
 */
export async function sweepPages(paged: PagedSweep): Promise<FailedGame[]> {
  const { list, isPaused = () => false, pageGames, leaveSlow } = paged;
  const sweep = new Sweep(paged);
  let page: readonly string[] = [];
  do {
    sweep.throwIfHopeless();
    page = await list(page.at(-1) ?? null, pageGames);
    await sweep.visitAll(page.filter((gameId) => !isPaused(gameId)));
  } while (page.length >= pageGames && page.length > 0);
  return sweep.end(leaveSlow);
}

/** Resolves once the visit has ended or the sweep's patience has. */
function eitherOf(visited: Promise<void>, runtime: Visits["runtime"]): Promise<void> {
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
