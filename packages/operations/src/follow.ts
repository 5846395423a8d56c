import { type GameId, type Runtime, sleep, systemRuntime } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";

export interface FollowOptions {
  /** Looks again at least so often: what the store learns is not announced. @default 1000 */
  readonly lookEveryMs?: number | undefined;
  /** @default systemRuntime */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A reason to look at a game: at once, then whenever it may have changed, until the signal fires. Changes that come
 * during a look lead to one more.
 * @throws CacheUnavailable
 */
export async function* looksAt(
  cache: Pick<Cache, "subscribe">,
  gameId: GameId,
  { lookEveryMs = 1_000, runtime = systemRuntime, signal }: FollowOptions,
): AsyncGenerator<void> {
  let changed = new AbortController();
  const wake = () => changed.abort();
  const unsubscribe = await cache.subscribe(gameId, wake, wake);
  signal?.addEventListener("abort", wake);
  try {
    while (!signal?.aborted) {
      changed = new AbortController();
      yield;
      if (!signal?.aborted) await sleep(runtime, lookEveryMs, { signal: changed.signal });
    }
  } finally {
    signal?.removeEventListener("abort", wake);
    unsubscribe();
  }
}
