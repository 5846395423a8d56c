import { type GameId, isCanonicalUuid, systemRuntime, TurnkeepError } from "@turnkeep/core";
import type { ScanPage } from "@turnkeep/core/ports";
import { inOrder } from "./in-order.js";
import { type Finding, type IdPage, type LookOptions, Looks, type VerifiedStores } from "./looks.js";

/** How far it has come. `cursor`: where another run can go on; `null` at the end. */
export interface VerifyProgress {
  readonly games: number;
  /** How many games are live or ended, as counted at the beginning. */
  readonly total: number;
  readonly cursor: string | null;
}

export type VerifyEvent =
  | { readonly kind: "progress"; readonly progress: VerifyProgress }
  | { readonly kind: "finding"; readonly finding: Finding };

export interface VerifyOptions extends LookOptions {
  /** Only this game. */
  readonly gameId?: GameId | undefined;
  /** Only about so many games, drawn at random. */
  readonly sample?: number | undefined;
  /** Where an earlier run left off. */
  readonly cursor?: string | null | undefined;
  /** @default 500 */
  readonly pageGames?: number | undefined;
}

/** What is drawn at random lies side by side in groups of so many. */
const sampledAtOnce = 25;
/** Pages that are read at once: so client, cache and store all have work. */
const readAtOnce = 3;
/** Pages whose games are looked at again meanwhile. */
const checkedAtOnce = 64;

/**
 * Compares both sides of every game while servers play on: page by page, first by the store's rows, then by what the
 * cache holds besides, in memory that does not grow with their number. It reads alone, and fences nothing.
 *
 * What looks wrong is looked at again, and reported once neither side has moved in between: versions never come back, so
 * both sides stood like that at one moment. Of a game that moves every time, what one side alone shows is reported.
 * @throws InvalidInput for a cursor that is none; StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* verify(stores: VerifiedStores, options: VerifyOptions = {}): AsyncGenerator<VerifyEvent> {
  const looks = new Looks(stores, options);
  const total = options.gameId === undefined ? await stores.store.countActive(options) : 1;
  let games = 0;
  const looked = inOrder(idsOf(stores, options), readAtOnce, (page) => looks.first(page));
  const checked = inOrder(looked, checkedAtOnce, async ({ of, gameIds, cursor, candidates }) => ({
    games: of === "rows" ? gameIds.length : 0,
    findings: await looks.findings(candidates),
    cursor,
  }));
  for await (const page of checked) {
    for (const finding of page.findings) yield { kind: "finding", finding };
    games += page.games;
    yield { kind: "progress", progress: { games, total, cursor: page.cursor } };
  }
}

function idsOf(stores: VerifiedStores, { gameId, sample, cursor = null, ...options }: VerifyOptions) {
  if (gameId !== undefined) return oneGame(gameId);
  return sample === undefined ? allGames(stores, placeOf(cursor), options) : sampledGames(stores, sample, options);
}

async function* oneGame(gameId: GameId): AsyncGenerator<IdPage> {
  yield { gameIds: [gameId], cursor: null, of: "rows" };
}

/** Ids are random, so that the rows after a random id are a random sample. */
async function* sampledGames(
  { store }: VerifiedStores,
  sample: number,
  { runtime = systemRuntime, signal }: VerifyOptions,
): AsyncGenerator<IdPage> {
  for (let left = sample; left > 0; left -= sampledAtOnce) {
    const page = { after: runtime.randomId(), limit: Math.min(left, sampledAtOnce) };
    yield { gameIds: await store.listIds("active", page, { signal }), cursor: null, of: "rows" };
  }
}

type Place = { readonly phase: "rows" | "copies"; readonly after: string | null };

function placeOf(cursor: string | null): Place {
  if (cursor === null) return { phase: "rows", after: null };
  const [, phase, after = ""] = /^(rows|copies):(.*)$/.exec(cursor) ?? [];
  if (phase === "copies") return { phase, after: after === "" ? null : after };
  if (phase === "rows" && isCanonicalUuid(after)) return { phase, after };
  throw new TurnkeepError("InvalidInput", "this is no cursor of a verification", { issues: ["cursor"] });
}

async function* allGames(
  { cache, store }: VerifiedStores,
  { phase, after }: Place,
  { pageGames = 500, signal }: VerifyOptions,
): AsyncGenerator<IdPage> {
  for (let last = after, isMore = phase === "rows"; isMore; ) {
    const gameIds: readonly GameId[] = await store.listIds("active", { after: last, limit: pageGames }, { signal });
    last = gameIds.at(-1) ?? null;
    isMore = gameIds.length === pageGames;
    yield { gameIds, cursor: isMore ? `rows:${last}` : "copies:", of: "rows" };
  }
  let next = phase === "copies" ? after : null;
  do {
    const page: ScanPage = await cache.scan({ cursor: next, limit: pageGames }, { signal });
    next = page.next;
    yield { gameIds: page.gameIds, cursor: next === null ? null : `copies:${next}`, of: "copies" };
  } while (next !== null);
}
