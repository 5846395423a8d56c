import { isTurnkeepError } from "@turnkeep/core";
import type { Base } from "./context.js";

/**
 * Runs one public call: refused unless the manager runs, counted so that `close` waits for it, and an unavailable
 * store or cache is told to the listeners on its way out.
 */
export async function call<T>(base: Base, work: () => Promise<T>): Promise<T> {
  return base.lifecycle.run(async () => {
    try {
      return await work();
    } catch (error) {
      reportUnavailable(base, error);
      throw error;
    }
  });
}

export function reportUnavailable(base: Pick<Base, "events">, error: unknown): void {
  if (isTurnkeepError(error, "CacheUnavailable")) base.events.emit("cache:unavailable", { error });
  if (isTurnkeepError(error, "StoreUnavailable")) base.events.emit("store:unavailable", { error });
}
