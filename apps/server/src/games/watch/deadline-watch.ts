import { isTurnkeepError, type Runtime, sleep } from "@turnkeep/core";
import type { GameStateManager, Logger } from "@turnkeep/manager";
import type { ServedGame } from "../served/served-game.js";

interface Options {
  readonly everyMs: number;
  readonly logger: Logger;
  readonly runtime: Runtime;
}

/**
 * Looks again and again for games whose time is over, until the returned function is called, which waits for the round
 * under way. Every server and daemon does; each deadline is enforced once all the same.
 */
export function watchDeadlines<State extends object>(
  { timeOut }: Pick<ServedGame<State, never>, "timeOut">,
  manager: Pick<GameStateManager<State>, "enforceDeadlines">,
  { everyMs, logger, runtime }: Options,
): () => Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const onDue = (state: State, serviceMs: number) => timeOut(state, { at: runtime.wallClockMs(), serviceMs });
  // The manager has reported already that a store is away.
  const report = (error: unknown) => {
    const isAway = isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
    logger[isAway ? "debug" : "error"]({ err: error }, "games whose time is over could not be looked for");
  };
  const watching = (async () => {
    while (!signal.aborted) {
      try {
        await manager.enforceDeadlines(onDue, { signal });
      } catch (error) {
        if (!signal.aborted) report(error);
      }
      // So that servers that were started together do not look at the same moments.
      await sleep(runtime, everyMs * (0.75 + 0.5 * runtime.random()), { signal });
    }
  })();
  return async () => {
    stop.abort();
    await watching;
  };
}
