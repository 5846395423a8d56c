import { type ListedStores, type ListOptions, listGames } from "./list-games.js";

/** What a recovery would do, as far as it was looked at. */
export interface RecoveryPlan {
  readonly games: number;
  /** Games that are not in the cache: they would be loaded. */
  readonly missing: number;
  /** Games whose copy is of another history of the cache: they would be compared, and the newer side kept. */
  readonly unverified: number;
  /** Games that are served already, and left alone. */
  readonly there: number;
  /** Some of those that would be recovered. */
  readonly examples: readonly string[];
}

const mostExamples = 5;

/**
 * What a recovery would bring back, again after each page of games. Loads, fences and marks nothing; what games are
 * quarantined is left out.
 * @throws StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* planRecovery(stores: ListedStores, options: ListOptions = {}): AsyncGenerator<RecoveryPlan> {
  const { pageGames = 500 } = options;
  const plan = { games: 0, missing: 0, unverified: 0, there: 0 };
  const examples: string[] = [];
  const now = () => ({ ...plan, examples: [...examples] });
  for await (const { gameId, status, copy } of listGames(stores, {}, options)) {
    if (status === "quarantined") continue;
    plan.games += 1;
    if (copy === null) plan.missing += 1;
    else if (copy.served) plan.there += 1;
    else plan.unverified += 1;
    if (!copy?.served && examples.length < mostExamples) examples.push(gameId);
    if (plan.games % pageGames === 0) yield now();
  }
  yield now();
}
