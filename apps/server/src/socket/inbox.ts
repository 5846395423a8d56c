import type { Runtime } from "@turnkeep/core";
import { costOf } from "../limits/request-limits.js";
import { TokenBucket } from "../limits/token-bucket.js";
import { rateLimited } from "../protocol/http-error.js";

/** Puts what a socket sends into one queue, and counts it: a flood is noticed, and answers keep their order. */
export class Inbox {
  readonly #bucket: TokenBucket;
  readonly #countAll: (cost: number) => void;
  /** As many as may come at once; more wait only while answers are slow. */
  readonly #maxWaiting: number;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** @param countAll counts with all else that this client asks for. It throws where that is too much */
  constructor(perSecond: number, runtime: Pick<Runtime, "monotonicMs">, countAll: (cost: number) => void) {
    this.#maxWaiting = perSecond * 2;
    this.#bucket = new TokenBucket({ perSecond, atOnce: this.#maxWaiting }, runtime.monotonicMs);
    this.#countAll = countAll;
  }

  /** Counts a frame of so many bytes. @throws RateLimited if it was one too many */
  count(bytes = 0): void {
    const waitMs = this.#waiting >= this.#maxWaiting ? 1_000 : this.#bucket.take(costOf(bytes));
    if (waitMs > 0) throw rateLimited(waitMs);
    this.#countAll(costOf(bytes));
  }

  /** Answers after all that came before. `answer` never rejects. */
  add(answer: () => Promise<void>): void {
    this.#waiting += 1;
    this.#queue = this.#queue.then(() => {
      this.#waiting -= 1;
      return answer();
    });
  }
}
