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

/**
 * Runs the work for every item, at most `limit` at a time; results in the order of the items. After a throw no
 * further item is begun, and the first error leaves once the work under way has ended.
 */
export async function mapLimit<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Lets work of the same key run one after the other, in the order in which it came. */
export class Queues {
  readonly #queues = new Map<string, Limiter>();

  /** Keys with work under way; memory is freed as soon as a key is idle. */
  get size(): number {
    return this.#queues.size;
  }

  /**
   * Runs the work after all earlier work of this key.
   * @throws Aborted (`notDone`) if the signal fires before its turn comes; then the work is not run
   */
  async run<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new Limiter(1);
    this.#queues.set(key, queue);
    try {
      return await queue.run(work, signal);
    } finally {
      if (queue.isFree) this.#queues.delete(key);
    }
  }
}
