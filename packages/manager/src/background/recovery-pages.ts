import { type GameId, pauseAfter, sleep } from "@turnkeep/core";
import type { PageInstall } from "@turnkeep/core/ports";
import type { Base } from "../context.js";
import { throwIfAborted } from "../util/abort.js";
import { isHopeless } from "./pages.js";

/** A page of games, those that the cache lacks fenced and about to be installed. */
export interface FetchedPage {
  readonly gameIds: readonly GameId[];
  /** The cache serves them. */
  readonly served: readonly GameId[];
  readonly installs: readonly PageInstall[];
}

/** What became of a page. */
export interface InstalledPage {
  readonly recovered: readonly GameId[];
  /** The cache had them, or unverified copies that it kept. */
  readonly present: readonly GameId[];
  /** To be loaded one by one: locked, gone, no document, loaded by another process, or of a page that failed. */
  readonly others: readonly GameId[];
}

interface FetchOptions {
  /** Begins no loads. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * States of one page in bytes, about: as many games as would fit if they were like those of the page before. A page costs
 * each process about 0.8 ms beside its games, for a commit and what wakes it.
 */
const pageBytes = 1_572_864;
/** Pages that are fetched while another one is installed. */
const pagesAhead = 1;
/** How often a page's games are tried together, before those that are left are loaded one by one. */
const mostTries = 5;
/** Between the tries. Recoveries that meet fall out of step by them. */
const pauses = { firstMs: 20, longestMs: 250 };
/** Games in the first page, whose size nobody knows. */
const firstPageGames = 20;

/**
 * All live and ended games, page by page, in the order of their ids. While the caller works on one page, the next one is
 * fetched, so that both stores have work: two are in memory at a time.
 * @throws StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* fetchPages(base: Base, options: FetchOptions): AsyncGenerator<FetchedPage> {
  const { recoveryPageGames } = base.settings;
  let limit = Math.min(firstPageGames, recoveryPageGames);
  const list = (after: GameId | null) => {
    throwIfAborted(options.signal);
    return base.store.listIds("active", { after, limit }, { signal: options.signal });
  };
  const fetched: Promise<FetchedPage>[] = [];
  let gameIds = await list(null);
  do {
    while (gameIds.length > 0 && fetched.length <= pagesAhead) {
      const next = fetchGames(base, gameIds, options);
      next.catch(() => undefined); // Thrown below, unless the caller stops before.
      fetched.push(next);
      gameIds = await list(gameIds.at(-1) ?? null);
    }
    const page = await fetched.shift();
    if (page === undefined) return;
    limit = fittingGames(page, recoveryPageGames);
    yield page;
  } while (fetched.length > 0 || gameIds.length > 0);
}

function fittingGames({ installs }: FetchedPage, most: number): number {
  const bytes = installs.reduce((sum, { row }) => sum + row.state.length, 0);
  return Math.max(1, Math.min(most, Math.floor((pageBytes * installs.length) / Math.max(1, bytes)) || most));
}

/**
 * Begins the loads of these games. The tokens are drawn before the rows are read, so that a row which is older than a copy
 * is never installed over it.
 */
async function fetchGames(
  { store, cache, runtime }: Base,
  gameIds: readonly GameId[],
  { dryRun, signal }: FetchOptions,
): Promise<FetchedPage> {
  if (gameIds.length === 0) return { gameIds, served: [], installs: [] };
  try {
    const tokens = new Map(gameIds.map((gameId) => [gameId, dryRun ? undefined : runtime.randomId()]));
    const reads = await cache.readPage(
      [...tokens].map(([gameId, token]) => ({ gameId, token })),
      { signal },
    );
    const served = gameIds.filter((_, n) => reads[n] === "served");
    if (dryRun) return { gameIds, served, installs: [] };
    const rows = await store.loadPage(
      gameIds.filter((_, n) => reads[n] !== "served"),
      { signal },
    );
    const installs = rows.flatMap((row) => {
      const token = tokens.get(row.gameId);
      return token === undefined || !looksLikeDocument(row.state) ? [] : [{ token, row }];
    });
    return { gameIds, served, installs };
  } catch (error) {
    if (dryRun || isHopeless(error)) throw error;
    return { gameIds, served: [], installs: [] };
  }
}

/**
 * Installs what was fetched, each row only for its load. Games that this did not bring there are tried a few times
 * more: another recovery may have been at them. @throws StoreUnavailable, CacheUnavailable, Aborted
 */
export async function installPage(
  base: Base,
  page: FetchedPage,
  signal: AbortSignal | undefined,
): Promise<InstalledPage> {
  let result = await installOnce(base, page, signal);
  for (let tries = 1; result.others.length > 0 && tries < mostTries; tries++) {
    await sleep(base.runtime, pauseAfter(tries, pauses, base.runtime), { signal });
    const again = await fetchGames(base, result.others, { dryRun: false, signal });
    const { recovered, present, others } = await installOnce(base, again, signal);
    result = { recovered: [...result.recovered, ...recovered], present: [...result.present, ...present], others };
  }
  return result;
}

async function installOnce(
  { cache }: Base,
  { gameIds, served, installs }: FetchedPage,
  signal: AbortSignal | undefined,
): Promise<InstalledPage> {
  const present = [...served];
  const recovered: GameId[] = [];
  try {
    const replies = await cache.installPage(installs, { signal });
    for (const [n, { row }] of installs.entries()) {
      const reply = replies[n];
      if (reply?.kind === "ok" && !reply.keptUnverified) recovered.push(row.gameId);
      else if (reply?.kind === "ok" || reply?.kind === "present") present.push(row.gameId);
    }
  } catch (error) {
    if (isHopeless(error)) throw error;
  }
  const finished = new Set([...present, ...recovered]);
  return { recovered, present, others: gameIds.filter((gameId) => !finished.has(gameId)) };
}

/** Whether a text may be a JSON object; one that is none after all is found by its reader. */
function looksLikeDocument(text: string): boolean {
  return text.startsWith("{") && text.endsWith("}");
}
