import { Limiter } from "../util/limiter.js";

/** Lets this process's own writes of one game wait for each other, in the order in which they came. */
export class GameQueues {
  readonly #queues = new Map<string, Limiter>();

  /** Games with work under way; memory is freed as soon as a game is idle. */
  get size(): number {
    return this.#queues.size;
  }

  /**
   * Runs the work after all earlier work of this game.
   * @throws Aborted (`notDone`) if the signal fires before its turn comes; then the work is not run
   */
  async run<T>(gameId: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(gameId) ?? new Limiter(1);
    this.#queues.set(gameId, queue);
    try {
      return await queue.run(work, signal);
    } finally {
      if (queue.isFree) this.#queues.delete(gameId);
    }
  }
}
