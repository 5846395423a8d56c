import type { SeenGame } from "./answer.js";

/** How far a game has come, as far as its viewer can tell: records are counted, and a game only ever ends. */
function progressOf({ status, view }: SeenGame): number {
  if (status !== "live") return Number.POSITIVE_INFINITY;
  return view.recentActions.at(-1)?.seq ?? 0;
}

/** The newest of all views that a player was shown, in whatever order they came. */
export class LatestView {
  #latest: SeenGame;
  /** Each wakes one who waits. */
  readonly #waiting = new Set<() => void>();

  constructor(first: SeenGame) {
    this.#latest = first;
  }

  get current(): SeenGame {
    return this.#latest;
  }

  show(seen: SeenGame): void {
    if (progressOf(seen) < progressOf(this.#latest)) return;
    this.#latest = seen;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves at the next view that is not older, after so long, or when a signal fires. */
  next(withinMs: number, ...signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        for (const signal of signals) signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.#waiting.add(wake);
      for (const signal of signals) {
        if (signal.aborted) return wake();
        signal.addEventListener("abort", wake);
      }
    });
  }
}
