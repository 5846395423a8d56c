import type { Runtime } from "@turnkeep/core";
import { TokenBucket } from "./token-bucket.js";

/** Puts what a socket sends into one queue, and counts it: a flood is noticed, and answers keep their order. */
export class Inbox {
  readonly #bucket: TokenBucket;
  /** As many as may come at once; more wait only while answers are slow. */
  readonly #maxWaiting: number;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(perSecond: number, runtime: Pick<Runtime, "monotonicMs">) {
    this.#bucket = new TokenBucket(perSecond, runtime.monotonicMs);
    this.#maxWaiting = perSecond * 2;
  }

  /** Counts a frame; true if it was one too many. */
  isFlooded(): boolean {
    return !this.#bucket.take() || this.#waiting >= this.#maxWaiting;
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
