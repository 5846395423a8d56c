import { throwIfAborted, unlessAborted } from "../util/abort.js";

/** Lets this process's own writes of one game wait for each other, in the order in which they came. */
export class GameQueues {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Games with work under way; memory is freed as soon as a game is idle. */
  get size(): number {
    return this.#tails.size;
  }

  /**
   * Runs the work after all earlier work of this game.
   * @throws Aborted (`notDone`) if the signal fires before its turn comes; then the work is not run
   */
  async run<T>(gameId: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(gameId);
    let leave = () => {};
    const done = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const tail = before === undefined ? done : before.then(() => done);
    this.#tails.set(gameId, tail);
    try {
      if (before !== undefined) await unlessAborted(before, signal);
      throwIfAborted(signal);
      return await work();
    } finally {
      leave();
      if (this.#tails.get(gameId) === tail) this.#tails.delete(gameId);
    }
  }
}
