import type { Runtime } from "@turnkeep/core";
import type { LiveMatch } from "./matches.js";

/** Between two reads of one move there is only the check of a player's credentials. */
const togetherMs = 100;
const mostMatches = 256;

/**
 * boardgame.io reads a match twice for a move: first its metadata, then its state. Both are one read here: the first
 * leaves what it found for the second, for a moment, once, and never past an own write. A write of another server within
 * that moment is noticed as ever: the move that was made without it is not kept.
 */
export class RecentReads {
  readonly #runtime: Pick<Runtime, "monotonicMs">;
  readonly #reads = new Map<string, { match?: LiveMatch; atMs: number }>();

  constructor(runtime: Pick<Runtime, "monotonicMs">) {
    this.#runtime = runtime;
  }

  /** Begins the first read of a match; what it returns takes what was found. */
  begin(matchId: string): (match: LiveMatch) => void {
    const read: { match?: LiveMatch; atMs: number } = { atMs: this.#runtime.monotonicMs() };
    this.#reads.delete(matchId);
    this.#reads.set(matchId, read);
    for (const oldest of this.#reads.keys()) {
      if (this.#reads.size <= mostMatches) break;
      this.#reads.delete(oldest);
    }
    return (match) => {
      if (match.stale || this.#reads.get(matchId) !== read) return;
      read.match = match;
      read.atMs = this.#runtime.monotonicMs();
    };
  }

  /** What the first read found, if it was just now. */
  take(matchId: string): LiveMatch | undefined {
    const read = this.#reads.get(matchId);
    this.#reads.delete(matchId);
    return read !== undefined && this.#runtime.monotonicMs() - read.atMs <= togetherMs ? read.match : undefined;
  }

  drop(matchId: string): void {
    this.#reads.delete(matchId);
  }
}
