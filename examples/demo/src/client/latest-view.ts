import { pause } from "@turnkeep/app-kit";
import type { SeenGame } from "./answer.js";

/** How far a game has come, as far as its viewer can tell: records are counted, and a game only ever ends. */
function progressOf({ status, view }: SeenGame): number {
  if (status !== "live") return Number.POSITIVE_INFINITY;
  return view.recentActions.at(-1)?.seq ?? 0;
}

/** The newest of all views that a player was shown, in whatever order they came. */
export class LatestView {
  #latest: SeenGame;
  #changed = new AbortController();

  constructor(first: SeenGame) {
    this.#latest = first;
  }

  get current(): SeenGame {
    return this.#latest;
  }

  show(seen: SeenGame): void {
    if (progressOf(seen) < progressOf(this.#latest)) return;
    this.#latest = seen;
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  /** Resolves at the next view that is not older, after so long, or when the signal fires. */
  async next(withinMs: number, signal: AbortSignal): Promise<void> {
    await pause(withinMs, AbortSignal.any([this.#changed.signal, signal]));
  }
}
