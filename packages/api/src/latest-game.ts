import { type Runtime, systemRuntime } from "@turnkeep/core";
import type { Game } from "./answers.js";

/** How far a game has come, as far as its viewer can see: records are counted, and a game only ever ends. */
function progressOf({ status, view }: Game): number {
  if (status !== "live") return Number.POSITIVE_INFINITY;
  return view.recentActions.at(-1)?.seq ?? 0;
}

/** True if the game had come further in the other view. Answers over HTTP and pushed views may overtake each other. */
export const isOlder = (game: Game, than: Game): boolean => progressOf(game) < progressOf(than);

/** The newest of all views of one game, in whatever order they come. */
export class LatestGame {
  readonly #runtime: Pick<Runtime, "schedule">;
  #latest: Game;
  readonly #waiting = new Set<() => void>();

  constructor(first: Game, runtime: Pick<Runtime, "schedule"> = systemRuntime) {
    this.#latest = first;
    this.#runtime = runtime;
  }

  get current(): Game {
    return this.#latest;
  }

  /** Takes a view, unless a newer one is known. */
  offer(game: Game): void {
    if (isOlder(game, this.#latest)) return;
    this.#latest = game;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves at the next view that is not older, after so many ms, or when a signal fires. */
  next(withinMs: number, ...signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#waiting.delete(wake);
        for (const signal of signals) signal.removeEventListener("abort", wake);
        resolve();
      };
      const cancel = this.#runtime.schedule(wake, withinMs);
      this.#waiting.add(wake);
      for (const signal of signals) signal.addEventListener("abort", wake);
      if (signals.some(({ aborted }) => aborted)) wake();
    });
  }
}
