import { throwIfAborted, unlessAborted } from "./abort.js";

/** Lets so much work run at once; the rest waits, in the order in which it came. */
export class Limiter {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Whether work would run at once, without waiting. */
  get isFree(): boolean {
    return this.#free > 0;
  }

  /** Runs the work at its turn. @throws Aborted (`notDone`) if the signal fires before; then the work is not run */
  async run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    if (this.isFree) this.#free -= 1;
    else await this.#turn(signal);
    try {
      throwIfAborted(signal);
      return await work();
    } finally {
      this.#next();
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    let begin = () => {};
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    this.#waiting.add(begin);
    try {
      await unlessAborted(turn, signal);
    } catch (error) {
      // Its turn may have come in the same moment: then it is the next one's.
      if (!this.#waiting.delete(begin)) this.#next();
      throw error;
    }
  }

  #next(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }
}
