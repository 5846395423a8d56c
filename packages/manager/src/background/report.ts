import type { Logger } from "../types.js";

export interface FailedGame {
  readonly gameId: string;
  readonly error: Error;
}

const named = 5;

/** Logs an error per failed game, then one warning that names the first few. */
export function reportFailures(log: Logger, failed: readonly FailedGame[], what: string): void {
  if (failed.length === 0) return;
  for (const { gameId, error } of failed) log.error({ gameId, err: error }, `a game was not ${what}`);
  const ids = failed.slice(0, named).map(({ gameId }) => gameId);
  const more = failed.length > named ? ` and ${failed.length - named} more` : "";
  log.warn({ failed: failed.length }, `${failed.length} games were not ${what}: ${ids.join(", ")}${more}`);
}
