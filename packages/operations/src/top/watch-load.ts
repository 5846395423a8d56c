import { type Runtime, sleep, systemRuntime } from "@turnkeep/core";
import type { Cache, DirtyBacklog, Store } from "@turnkeep/core/ports";
import { loadOf, type ProcessLoad, type Scrape, type ScrapePair } from "./process-load.js";
import { readPrometheusText } from "./prometheus-text.js";
import { readSlowGames, type SlowGame, slowestOf } from "./slow-games.js";

/** What is known of one process. */
export interface ProcessSample {
  /** Host and path of its metrics, without a query. */
  readonly endpoint: string;
  /** Why it is not known; `null` if it answered. */
  readonly error: string | null;
  /** `null` until it has answered twice in a row. */
  readonly load: ProcessLoad | null;
}

export interface GameCounts {
  /** Live and ended games that are not in history yet. */
  readonly active: number;
  readonly quarantined: number;
}

/** What servers, daemons and stores do at a moment. */
export interface LoadSample {
  /** By the clock of this machine, in ISO 8601. */
  readonly at: string;
  /** What Postgres counts, at most 5 s old. */
  readonly games: GameCounts | { readonly error: string };
  /** What waits for Postgres, as Redis has it. */
  readonly backlog: DirtyBacklog | { readonly error: string };
  /** In the order in which they were given. */
  readonly processes: readonly ProcessSample[];
  /** All processes with a load together. */
  readonly total: ProcessLoad;
  /** The games with the slowest actions of the last minute, the slowest first, at most five. */
  readonly slowest: readonly SlowGame[];
}

export interface LoadStores {
  readonly cache: Pick<Cache, "backlog">;
  readonly store: Pick<Store, "countActive" | "countQuarantined">;
}

export interface WatchLoadOptions {
  /** Addresses of metrics in the Prometheus text format. @default none */
  readonly metrics?: readonly URL[] | undefined;
  /** From one sample to the next. @default 1000 */
  readonly everyMs?: number | undefined;
  /** @default systemRuntime */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Counting all games costs Postgres more than the rest. */
const countEveryMs = 5_000;

/**
 * What all these processes and both stores do, the first time after one interval, until the signal fires. Changes nothing
 * and never throws: what does not answer is reported as that, and asked again. An endpoint has as long as the interval,
 * within 1 s and 5 s.
 */
export async function* watchLoad(
  { cache, store }: LoadStores,
  { metrics = [], everyMs = 1_000, runtime = systemRuntime, signal }: WatchLoadOptions = {},
): AsyncGenerator<LoadSample> {
  const withinMs = Math.min(Math.max(everyMs, 1_000), 5_000);
  const scrapeAll = () => Promise.all(metrics.map((url) => scrape(url, withinMs, runtime, signal)));
  const countGames = gameCounter(store, runtime, signal);
  let begunAtMs = runtime.monotonicMs();
  for (let before = await scrapeAll(); ; ) {
    await sleep(runtime, Math.max(0, begunAtMs + everyMs - runtime.monotonicMs()), { signal });
    if (signal?.aborted) return;
    begunAtMs = runtime.monotonicMs();
    const [after, backlog, games] = await Promise.all([scrapeAll(), orError(cache.backlog({ signal })), countGames()]);
    if (signal?.aborted) return;
    const pairs = after.map((one, index) => pairOf(before[index], one));
    yield {
      at: new Date(runtime.wallClockMs()).toISOString(),
      games,
      backlog,
      processes: metrics.map(({ host, pathname }, index) => {
        const [now, pair] = [after[index], pairs[index]];
        const error = now !== undefined && "error" in now ? now.error : null;
        return { endpoint: `${host}${pathname}`, error, load: pair ? loadOf([pair]) : null };
      }),
      total: loadOf(pairs.filter((pair) => pair !== null)),
      slowest: slowestOf(after.flatMap((one) => ("error" in one ? [] : one.slowGames))),
    };
    before = after;
  }
}

/** Counts again once the last counts are too old, or were not to be had. */
function gameCounter(store: LoadStores["store"], runtime: Runtime, signal?: AbortSignal) {
  let counts: LoadSample["games"] = { error: "not counted yet" };
  let countedAtMs = 0;
  return async (): Promise<LoadSample["games"]> => {
    const nowMs = runtime.monotonicMs();
    if (!("error" in counts) && nowMs - countedAtMs < countEveryMs) return counts;
    countedAtMs = nowMs;
    const asked = Promise.all([store.countActive({ signal }), store.countQuarantined({ signal })]);
    counts = await orError(asked.then(([active, quarantined]) => ({ active, quarantined })));
    return counts;
  };
}

type Scraped = (Scrape & { readonly slowGames: readonly SlowGame[] }) | { readonly error: string };

function pairOf(before: Scraped | undefined, after: Scraped): ScrapePair | null {
  if (before === undefined || "error" in before || "error" in after) return null;
  return { before, after };
}

/** Never rejects. */
async function scrape(url: URL, withinMs: number, runtime: Runtime, signal?: AbortSignal): Promise<Scraped> {
  const late = new AbortController();
  const either = AbortSignal.any([late.signal, ...(signal ? [signal] : [])]);
  const cancel = runtime.schedule(() => late.abort(), withinMs);
  try {
    const slowGames = readSlowGames(url, either);
    const response = await fetch(url, { signal: either });
    const text = await response.text();
    if (!response.ok) return { error: `answers with status ${response.status}` };
    const series = readPrometheusText(text).filter(({ name }) => name.startsWith("turnkeep_"));
    if (series.length === 0) return { error: "has no metrics of Turnkeep" };
    return { atMs: runtime.monotonicMs(), series, slowGames: await slowGames };
  } catch (error) {
    if (late.signal.aborted) return { error: `does not answer within ${withinMs} ms` };
    const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined) : undefined;
    return { error: typeof cause?.code === "string" ? `cannot be reached: ${cause.code}` : "cannot be reached" };
  } finally {
    cancel();
  }
}

async function orError<Facts>(asked: Promise<Facts>): Promise<Facts | { readonly error: string }> {
  try {
    return await asked;
  } catch (error) {
    return { error: error instanceof Error ? error.message : "it failed" };
  }
}
