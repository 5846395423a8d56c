import { isTurnkeepError, type Runtime, TurnkeepError } from "@turnkeep/core";
import type { Cache, DirtyBacklog } from "@turnkeep/core/ports";
import type { ManagerSettings } from "../settings.js";
import type { UnflushedGames } from "./unflushed.js";

const longestRetryMs = 30_000;

/** What waits for the store, of all processes: as the cache counts it, and as this process's own failures show. */
export class Backlog {
  readonly #runtime: Pick<Runtime, "monotonicMs">;
  readonly #cache: Pick<Cache, "backlog">;
  readonly #unflushed: UnflushedGames;
  readonly #settings: ManagerSettings;
  #last: { readonly at: number; readonly seen: DirtyBacklog } | null = null;

  constructor(
    runtime: Pick<Runtime, "monotonicMs">,
    cache: Pick<Cache, "backlog">,
    unflushed: UnflushedGames,
    settings: ManagerSettings,
  ) {
    this.#runtime = runtime;
    this.#cache = cache;
    this.#unflushed = unflushed;
    this.#settings = settings;
  }

  /** Asks the cache now. A claim hides its games there, so those that this process failed to flush count from then. */
  async look(signal?: AbortSignal | undefined): Promise<DirtyBacklog> {
    const { games, oldestOverdueMs } = await this.#cache.backlog({ signal });
    const seen = { games, oldestOverdueMs: Math.max(oldestOverdueMs, Math.round(this.#unflushed.oldestFailingMs())) };
    this.#last = { at: this.#runtime.monotonicMs(), seen };
    return seen;
  }

  /** @throws Backpressure at the bound for new games, by a count that is at most `backlogEveryMs` old */
  async admitNewGame(signal?: AbortSignal | undefined): Promise<void> {
    const { refuseNewGamesAt, backlogEveryMs } = this.#settings;
    if (refuseNewGamesAt === 0) return;
    try {
      const fresh = this.#last !== null && this.#runtime.monotonicMs() - this.#last.at < backlogEveryMs;
      const { games } = fresh && this.#last !== null ? this.#last.seen : await this.look(signal);
      if (games >= refuseNewGamesAt) throw this.refusal("newGames");
    } catch (error) {
      // A creation needs the store alone.
      if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    }
  }

  /** The error for what is refused; its hint grows with how long the store has been behind. */
  refusal(what: "newGames" | "writes"): TurnkeepError<"Backpressure"> {
    const overdueMs = this.#last?.seen.oldestOverdueMs ?? 0;
    const retryAfterMs = Math.max(this.#settings.flushWithinMs, Math.min(overdueMs, longestRetryMs));
    const refused = what === "newGames" ? "no new games are taken" : "this game takes no writes";
    return new TurnkeepError("Backpressure", `${refused}: too many games wait for the store`, { what, retryAfterMs });
  }
}
