import { type GameId, type Runtime, sleep, systemRuntime, TurnkeepError } from "@turnkeep/core";
import type { Cache, CopyFacts, Store, StoredFacts } from "@turnkeep/core/ports";
import { compare, type FindingKind, isOpen, oneSidedKinds } from "./compare.js";

/** One thing that is wrong with one game, as it was when it was last looked at. */
export interface Finding {
  readonly kind: FindingKind;
  readonly gameId: GameId;
  readonly copy: CopyFacts | null;
  readonly stored: StoredFacts | null;
}

export interface LookOptions {
  /** What takes less than this is under way, and no finding. @default 10000 */
  readonly graceMs?: number | undefined;
  /** What looks wrong is looked at again after so long. @default 300 */
  readonly lookAgainMs?: number | undefined;
  /** @default systemRuntime */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifiedStores {
  readonly cache: Pick<Cache, "inspect" | "scan" | "unlike">;
  readonly store: Pick<Store, "digests" | "inspect" | "listIds" | "listVersions" | "countActive" | "now">;
}

/** Some games, and where another run can go on after them. */
export interface IdPage {
  readonly gameIds: readonly GameId[];
  readonly cursor: string | null;
  /** `copies`: games that the cache holds. What pages of rows have had is left out of them. */
  readonly of: "rows" | "copies";
}

/** A page, and the games of it that look wrong. */
export interface LookedAtPage extends IdPage {
  readonly candidates: readonly Candidate[];
}

/** A game as both sides have it. */
export interface Seen {
  readonly gameId: GameId;
  readonly copy: CopyFacts | null;
  readonly stored: StoredFacts | null;
}

interface Candidate extends Seen {
  readonly kinds: readonly FindingKind[];
}

const mostLooks = 6;
/** Games whose states are in memory at once, for each page that is looked at. */
const statesAtOnce = 100;

/** Looks at both sides of games. */
export class Looks {
  readonly #stores: VerifiedStores;
  readonly #lookAgainMs: number;
  readonly #graceMs: number;
  readonly #runtime: Runtime;
  readonly #signal: AbortSignal | undefined;

  constructor(stores: VerifiedStores, options: LookOptions) {
    const { lookAgainMs = 300, graceMs = 10_000, runtime = systemRuntime, signal } = options;
    this.#stores = stores;
    this.#lookAgainMs = lookAgainMs;
    this.#graceMs = graceMs;
    this.#runtime = runtime;
    this.#signal = signal;
  }

  /** The first look at a page. What both sides have alike is looked at no further, so no state of it is sent. */
  async first(page: IdPage): Promise<LookedAtPage> {
    const isOfRows = page.of === "rows";
    const gameIds = await (isOfRows ? this.#unlike(page.gameIds) : this.#withoutRow(page.gameIds));
    const candidates = await this.#candidates(gameIds);
    return { ...page, candidates: candidates.filter(({ stored }) => isOfRows || !isOpen(stored)) };
  }

  /** What is wrong with these games, for sure. */
  async findings(candidates: readonly Candidate[]): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    let left = candidates;
    for (let look = 1; left.length > 0 && look < mostLooks; look += 1) {
      await sleep(this.#runtime, this.#lookAgainMs * look, { signal: this.#signal });
      if (this.#signal?.aborted) throw new TurnkeepError("Aborted", "the caller's signal fired", { fate: "notDone" });
      const before = new Map(left.map((candidate) => [candidate.gameId, candidate]));
      const again = await this.#candidates([...before.keys()]);
      left = again.flatMap((candidate) => {
        const earlier = before.get(candidate.gameId);
        const kinds = candidate.kinds.filter((kind) => earlier?.kinds.includes(kind));
        if (earlier === undefined || kinds.length === 0) return [];
        const isLast = look === mostLooks - 1;
        const sure = stands(earlier, candidate) ? kinds : isLast ? kinds.filter((kind) => oneSidedKinds.has(kind)) : [];
        const { gameId, copy, stored } = candidate;
        found.push(...sure.map((kind) => ({ kind, gameId, copy, stored })));
        return sure.length > 0 ? [] : [{ ...candidate, kinds }];
      });
    }
    return found;
  }

  /** Those of these games that the two sides do not have alike, or with which something is wrong. */
  async #unlike(gameIds: readonly GameId[]): Promise<readonly GameId[]> {
    const { cache, store } = this.#stores;
    const digests = await store.digests(gameIds, { signal: this.#signal });
    const unlike = new Set(await cache.unlike(digests, { signal: this.#signal }));
    return gameIds.filter((gameId) => unlike.has(gameId) || !digests.has(gameId));
  }

  /** Those of these games that no page of rows has. */
  async #withoutRow(gameIds: readonly GameId[]): Promise<readonly GameId[]> {
    const rows = await this.#stores.store.listVersions(gameIds, { signal: this.#signal });
    return [...new Set(gameIds)].filter((gameId) => !rows.has(gameId));
  }

  /** Those of these games that look wrong. */
  async #candidates(gameIds: readonly GameId[]): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (let first = 0; first < gameIds.length; first += statesAtOnce) {
      const some = gameIds.slice(first, first + statesAtOnce);
      const options = { signal: this.#signal, states: true };
      const [copies, rows, nowMs] = await Promise.all([
        this.#stores.cache.inspect(some, options),
        this.#stores.store.inspect(some, options),
        this.#stores.store.now({ signal: this.#signal }),
      ]);
      const copyOf = new Map(copies.map((copy) => [copy.gameId, copy]));
      const rowOf = new Map(rows.map((row) => [row.gameId, row]));
      for (const gameId of some) {
        const [copy = null, stored = null] = [copyOf.get(gameId), rowOf.get(gameId)];
        const kinds = compare(copy, stored, { nowMs, graceMs: this.#graceMs });
        if (kinds.length > 0) found.push({ gameId, copy: withoutState(copy), stored: withoutRowsState(stored), kinds });
      }
    }
    return found;
  }
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

const withoutState = (copy: CopyFacts | null) => copy && { ...copy, state: null };

const withoutRowsState = (stored: StoredFacts | null) =>
  stored && { ...stored, row: stored.row && { ...stored.row, state: null } };
