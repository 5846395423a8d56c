import { type Runtime, sleep } from "@turnkeep/core";
import type { Change } from "./changes.js";

/** Of one answer. A match in which something changes at each of them shows its next change soon. */
const mostReads = 10;

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
  /** Reads under way that the next change of their match makes old. */
  readonly #reads = new Set<{ readonly matchId: string; isOld: boolean }>();
  readonly #runtime: Pick<Runtime, "schedule">;

  /** @param write never rejects */
  constructor(
    write: (matchId: string, changes: readonly Change[]) => Promise<void>,
    runtime: Pick<Runtime, "schedule">,
  ) {
    this.#write = write;
    this.#runtime = runtime;
  }

  /** Resolves once the changes were written, or given up. */
  add(matchId: string, ...changes: Change[]): Promise<void> {
    this.#begin(matchId);
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
    this.#begin(matchId);
    // What is added from now on comes after it.
    this.#waiting.delete(matchId);
    return this.#afterLast(matchId, work);
  }

  /**
   * Reads a match between two of its changes: it waits for those under way, and reads again if one began meanwhile, up to
   * ten times. The answer comes in a turn of the event loop of its own: what the caller does in promises alone is done
   * before the next change begins.
   * @param read never rejects
   */
  async readBetween<T>(matchId: string, read: () => Promise<T>): Promise<T> {
    for (let reads = 1; ; reads++) {
      await this.#last.get(matchId);
      const reading = { matchId, isOld: false };
      this.#reads.add(reading);
      const found = await read();
      await sleep(this.#runtime, 0);
      this.#reads.delete(reading);
      if (!reading.isOld || reads === mostReads) return found;
    }
  }

  /** Resolves once nothing is waiting or under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }

  #begin(matchId: string): void {
    for (const reading of this.#reads) if (reading.matchId === matchId) reading.isOld = true;
  }

  #afterLast(matchId: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(matchId) ?? Promise.resolve()).then(work).finally(() => {
      if (this.#last.get(matchId) === done) this.#last.delete(matchId);
    });
    this.#last.set(matchId, done);
    return done;
  }
}
