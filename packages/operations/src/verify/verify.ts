import { type GameId, isCanonicalUuid, type Runtime, sleep, systemRuntime, TurnkeepError } from "@turnkeep/core";
import type { Cache, CopyFacts, Store, StoredFacts } from "@turnkeep/core/ports";
import { type CompareOptions, compare, type FindingKind, oneSidedKinds } from "./compare.js";

/** One thing that is wrong with one game, as it was when it was last looked at. */
export interface Finding {
  readonly kind: FindingKind;
  readonly gameId: GameId;
  readonly copy: CopyFacts | null;
  readonly stored: StoredFacts | null;
}

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

export interface VerifyOptions {
  /** Only this game. */
  readonly gameId?: GameId | undefined;
  /** Only about so many games, drawn at random. */
  readonly sample?: number | undefined;
  /** Where an earlier run left off. */
  readonly cursor?: string | null | undefined;
  /** @default 500 */
  readonly pageGames?: number | undefined;
  /** What takes less than this is under way, and no finding. @default 10000 */
  readonly graceMs?: number | undefined;
  /** What looks wrong is looked at again after so long. @default 300 */
  readonly lookAgainMs?: number | undefined;
  /** @default systemRuntime */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifiedStores {
  readonly cache: Pick<Cache, "inspect" | "scan">;
  readonly store: Pick<Store, "inspect" | "listVersions" | "countActive" | "now">;
}

/** A game as both sides have it. */
interface Seen {
  readonly gameId: GameId;
  readonly copy: CopyFacts | null;
  readonly stored: StoredFacts | null;
}

const mostLooks = 6;
const sampledAtOnce = 25;

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
  for await (const { seen, cursor } of pagesOf(looks, options)) {
    for (const finding of await looks.findings(seen.games)) yield { kind: "finding", finding };
    games += seen.counted;
    yield { kind: "progress", progress: { games, total, cursor } };
  }
}

interface SeenPage {
  readonly seen: { readonly games: readonly Seen[]; readonly counted: number };
  readonly cursor: string | null;
}

function pagesOf(looks: Looks, { gameId, sample, cursor = null, runtime = systemRuntime }: VerifyOptions) {
  if (gameId !== undefined) return oneGame(looks, gameId);
  return sample === undefined ? allGames(looks, placeOf(cursor)) : sampledGames(looks, sample, runtime);
}

async function* oneGame(looks: Looks, gameId: GameId): AsyncGenerator<SeenPage> {
  yield { seen: { games: await looks.at([gameId]), counted: 1 }, cursor: null };
}

/** Ids are random, so that the rows after a random id are a random sample. */
async function* sampledGames(looks: Looks, sample: number, runtime: Runtime): AsyncGenerator<SeenPage> {
  for (let left = sample; left > 0; left -= sampledAtOnce) {
    const games = await looks.besideCopies(await looks.rowsAfter(runtime.randomId(), Math.min(left, sampledAtOnce)));
    yield { seen: { games, counted: games.length }, cursor: null };
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

async function* allGames(looks: Looks, { phase, after }: Place): AsyncGenerator<SeenPage> {
  let rows = phase === "rows" ? looks.rowsAfter(after, looks.pageGames) : null;
  while (rows !== null) {
    const page: readonly StoredFacts[] = await rows;
    const last: GameId | null = page.length < looks.pageGames ? null : (page.at(-1)?.gameId ?? null);
    // The store reads the next page while the cache is asked for this one, and while it is compared.
    rows = last === null ? null : looks.rowsAfter(last, looks.pageGames);
    rows?.catch(() => undefined); // Thrown above, unless the caller stops before.
    const games = await looks.besideCopies(page);
    yield { seen: { games, counted: games.length }, cursor: last === null ? "copies:" : `rows:${last}` };
  }
  let next = phase === "copies" ? after : null;
  do {
    const page: Awaited<ReturnType<Looks["copiesAfter"]>> = await looks.copiesAfter(next);
    next = page.next;
    yield { seen: { games: page.games, counted: 0 }, cursor: next === null ? null : `copies:${next}` };
  } while (next !== null);
}

/** Looks at both sides of games. */
class Looks {
  readonly pageGames: number;
  readonly #stores: VerifiedStores;
  readonly #lookAgainMs: number;
  readonly #graceMs: number;
  readonly #runtime: Runtime;
  readonly #signal: AbortSignal | undefined;

  constructor(stores: VerifiedStores, options: VerifyOptions) {
    const { pageGames = 500, lookAgainMs = 300, graceMs = 10_000, runtime = systemRuntime, signal } = options;
    this.pageGames = pageGames;
    this.#stores = stores;
    this.#lookAgainMs = lookAgainMs;
    this.#graceMs = graceMs;
    this.#runtime = runtime;
    this.#signal = signal;
  }

  get #options() {
    return { signal: this.#signal, states: true };
  }

  async at(gameIds: readonly GameId[]): Promise<readonly Seen[]> {
    if (gameIds.length === 0) return [];
    const { cache, store } = this.#stores;
    const [copies, rows] = await Promise.all([
      cache.inspect(gameIds, this.#options),
      store.inspect(gameIds, this.#options),
    ]);
    return together(gameIds, copies, rows);
  }

  /** What the store has of a page of the games that are not over, by id. */
  rowsAfter(after: GameId | null, limit: number): Promise<readonly StoredFacts[]> {
    return this.#stores.store.inspect({ after, limit }, this.#options);
  }

  async besideCopies(rows: readonly StoredFacts[]): Promise<readonly Seen[]> {
    const gameIds = rows.map(({ gameId }) => gameId);
    if (gameIds.length === 0) return [];
    return together(gameIds, await this.#stores.cache.inspect(gameIds, this.#options), rows);
  }

  /** Of a page of what the cache holds, the games that no page of rows has. */
  async copiesAfter(cursor: string | null): Promise<{ readonly games: readonly Seen[]; readonly next: string | null }> {
    const { cache, store } = this.#stores;
    const options = { signal: this.#signal };
    const { gameIds, next } = await cache.scan({ cursor, limit: this.pageGames }, options);
    const rows = await store.listVersions(gameIds, options);
    const games = await this.at([...new Set(gameIds)].filter((gameId) => !rows.has(gameId)));
    return { games: games.filter(({ stored }) => stored === null || stored.row === null), next };
  }

  /** What is wrong with these games, for sure. */
  async findings(seen: readonly Seen[]): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    let candidates = await this.#suspicious(seen);
    for (let look = 1; candidates.length > 0 && look < mostLooks; look += 1) {
      await sleep(this.#runtime, this.#lookAgainMs * look, { signal: this.#signal });
      if (this.#signal?.aborted) throw new TurnkeepError("Aborted", "the caller's signal fired", { fate: "notDone" });
      const before = new Map(candidates.map((candidate) => [candidate.gameId, candidate]));
      const again = await this.#suspicious(await this.at([...before.keys()]));
      candidates = again.flatMap((candidate) => {
        const earlier = before.get(candidate.gameId);
        const kinds = candidate.kinds.filter((kind) => earlier?.kinds.includes(kind));
        if (earlier === undefined || kinds.length === 0) return [];
        const isLast = look === mostLooks - 1;
        const sure = stands(earlier, candidate) ? kinds : isLast ? kinds.filter((kind) => oneSidedKinds.has(kind)) : [];
        const { gameId, copy, stored } = candidate;
        found.push(...sure.map((kind) => ({ kind, gameId, copy: stateless(copy), stored: statelessRow(stored) })));
        return sure.length > 0 ? [] : [{ ...candidate, kinds }];
      });
    }
    return found;
  }

  async #suspicious(seen: readonly Seen[]): Promise<readonly Candidate[]> {
    if (seen.length === 0) return [];
    const options: CompareOptions = {
      nowMs: await this.#stores.store.now({ signal: this.#signal }),
      graceMs: this.#graceMs,
    };
    return seen.flatMap((one) => {
      const kinds = compare(one.copy, one.stored, options);
      return kinds.length === 0 ? [] : [{ ...one, kinds }];
    });
  }
}

interface Candidate extends Seen {
  readonly kinds: readonly FindingKind[];
}

function together(
  gameIds: readonly GameId[],
  copies: readonly CopyFacts[],
  rows: readonly StoredFacts[],
): readonly Seen[] {
  const copyOf = new Map(copies.map((copy) => [copy.gameId, copy]));
  const rowOf = new Map(rows.map((row) => [row.gameId, row]));
  return gameIds.map((gameId) => ({ gameId, copy: copyOf.get(gameId) ?? null, stored: rowOf.get(gameId) ?? null }));
}

/** Whether neither side has moved between two looks. */
const stands = (one: Seen, other: Seen): boolean => standing(one) === standing(other);

function standing({ copy, stored }: Seen): string {
  const ofCopy = copy && [copy.version, copy.fence, copy.served, copy.dirty, copy.flushAt === null, copy.tailEntries];
  const ofRow = stored && [
    stored.status,
    stored.version,
    stored.row?.fence,
    stored.row?.storedEntries,
    stored.inHistory,
  ];
  return JSON.stringify([ofCopy, ofRow]);
}

const stateless = (copy: CopyFacts | null) => copy && { ...copy, state: null };

const statelessRow = (stored: StoredFacts | null) =>
  stored && { ...stored, row: stored.row && { ...stored.row, state: null } };
