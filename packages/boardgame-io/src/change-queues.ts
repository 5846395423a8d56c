import type { Change } from "./changes.js";

/**
 * Brings the changes of one match to its writer one batch after another. boardgame.io sets state and metadata at once
 * after each move: what comes while a batch waits goes with it, so that a move is one write.
 */
export class ChangeQueues {
  readonly #write: (matchId: string, changes: readonly Change[]) => Promise<void>;
  /** The batch of each match that has not begun. */
  readonly #waiting = new Map<string, { readonly changes: Change[]; readonly done: Promise<void> }>();
  /** The last batch of each match, waiting or under way. */
  readonly #last = new Map<string, Promise<void>>();

  /** @param write never rejects */
  constructor(write: (matchId: string, changes: readonly Change[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves once the changes were written, or given up. */
  add(matchId: string, ...changes: Change[]): Promise<void> {
    const waiting = this.#waiting.get(matchId);
    if (waiting !== undefined) {
      waiting.changes.push(...changes);
      return waiting.done;
    }
    const begin = () => {
      if (this.#waiting.get(matchId) === batch) this.#waiting.delete(matchId);
      return this.#write(matchId, changes);
    };
    const batch = { changes, done: this.#afterLast(matchId, begin) };
    this.#waiting.set(matchId, batch);
    return batch.done;
  }

  /** Runs something else about a match in its turn; it never rejects. */
  inTurn(matchId: string, work: () => Promise<void>): Promise<void> {
    // What is added from now on comes after it.
    this.#waiting.delete(matchId);
    return this.#afterLast(matchId, work);
  }

  /** Resolves once nothing is waiting or under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }

  #afterLast(matchId: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(matchId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#last.get(matchId) === done) this.#last.delete(matchId);
    });
    this.#last.set(matchId, done);
    return done;
  }
}
