import { isTurnkeepError } from "@turnkeep/core";
import type { GameStateManager, Logger } from "@turnkeep/manager";
import { pause } from "@turnkeep/service-kit";
import type { ServedGame } from "../served/served-game.js";

interface Options {
  readonly everyMs: number;
  readonly logger: Logger;
}

/**
 * Looks again and again for games whose time is over, until the returned function is called, which waits for the round
 * under way. Every server and daemon does; each deadline is enforced once all the same.
 */
export function watchDeadlines<State extends object>(
  { timeOut }: Pick<ServedGame<State, never>, "timeOut">,
  manager: Pick<GameStateManager<State>, "enforceDeadlines">,
  { everyMs, logger }: Options,
): () => Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const onDue = (state: State, serviceMs: number) => timeOut(state, { at: Date.now(), serviceMs });
  // That a store is away was told when it was found out.
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
      // Servers that were started together do not stay in step.
      await pause(everyMs * (0.75 + 0.5 * Math.random()), signal);
    }
  })();
  return async () => {
    stop.abort();
    await watching;
  };
}
