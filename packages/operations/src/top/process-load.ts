import type { Series } from "./prometheus-text.js";

/** What one process reported at a moment of a clock that never goes back. */
export interface Scrape {
  readonly atMs: number;
  readonly series: readonly Series[];
}

/** Two scrapes of one process. */
export interface ScrapePair {
  readonly before: Scrape;
  readonly after: Scrape;
}

/** What one process did between two scrapes, or several together. */
export interface ProcessLoad {
  /** Actions of players that a server answered, refused ones included. */
  readonly actionsPerSecond: number;
  /** Writes that Postgres had before their answer, as at the end of a turn. */
  readonly turnsPerSecond: number;
  /** 99 of 100 actions took at most so long, to the next bound of the histogram; `null` without an action. */
  readonly actionP99Ms: number | null;
  /** Loads from Postgres, since Redis had no copy. */
  readonly loadsPerSecond: number;
  readonly conflictsPerSecond: number;
  readonly flushedGamesPerSecond: number;
  readonly failedFlushesPerSecond: number;
  /** How long a batch took to reach Postgres, on average; `null` without a batch. */
  readonly flushMs: number | null;
  /** Processes whose breaker keeps calls from Redis, or that Redis does not answer. */
  readonly cacheAway: number;
  /** The same for Postgres. */
  readonly storeAway: number;
}

/**
 * The load of these processes together: the sum of their rates. A counter that fell began again at 0 with its process; a
 * series that was not there before began at 0 as well.
 */
export function loadOf(pairs: readonly ScrapePair[]): ProcessLoad {
  const rates = pairs.flatMap(ratesOf);
  const latest = pairs.flatMap(({ after }) => after.series);
  const rate = (name: string, labels: Series["labels"] = {}) => sum(rates.filter((one) => is(one, name, labels)));
  const happened = (event: string) => rate("turnkeep_manager_events_total", { event });
  const away = (name: string) => latest.filter((one) => is(one, name) && one.value === 0).length;
  const batches = rate("turnkeep_flush_duration_seconds_count");
  const spent = rate("turnkeep_flush_duration_seconds_sum");
  return {
    actionsPerSecond: rate("turnkeep_action_duration_seconds_count"),
    turnsPerSecond: rate("turnkeep_manager_updates_total", { durability: "durable" }),
    actionP99Ms: quantileMs(rates.filter((one) => is(one, "turnkeep_action_duration_seconds_bucket"))),
    loadsPerSecond: happened("miss"),
    conflictsPerSecond: happened("conflict"),
    flushedGamesPerSecond: rate("turnkeep_flushed_games_total", { outcome: "written" }),
    failedFlushesPerSecond: happened("flush_failed"),
    flushMs: batches === 0 ? null : (spent / batches) * 1_000,
    cacheAway: away("turnkeep_cache_up"),
    storeAway: away("turnkeep_store_up"),
  };
}

function is(one: Series, name: string, labels: Series["labels"] = {}): boolean {
  return one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value);
}

const sum = (series: readonly Series[]): number => series.reduce((total, { value }) => total + value, 0);

/** By how much each series grew a second. */
function ratesOf({ before, after }: ScrapePair): readonly Series[] {
  const valueBefore = new Map(before.series.map((one) => [keyOf(one), one.value]));
  const seconds = (after.atMs - before.atMs) / 1_000;
  return after.series.map((one) => {
    const past = valueBefore.get(keyOf(one)) ?? 0;
    return { ...one, value: (one.value < past ? one.value : one.value - past) / seconds };
  });
}

const keyOf = ({ name, labels }: Series): string => JSON.stringify([name, Object.entries(labels).sort()]);

/** The bound below which 99 of 100 observations are; the largest finite one for those above it. */
function quantileMs(buckets: readonly Series[]): number | null {
  const byBound = new Map<number, number>();
  for (const { labels, value } of buckets) {
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    byBound.set(bound, (byBound.get(bound) ?? 0) + value);
  }
  const sorted = [...byBound].sort(([one], [other]) => one - other);
  const [, all = 0] = sorted.at(-1) ?? [];
  if (all === 0) return null;
  const reached = sorted.findIndex(([, below]) => below >= all * 0.99);
  const [bound = 0] = sorted[Math.min(reached, sorted.length - 2)] ?? [];
  return bound * 1_000;
}
