import type { Runtime } from "@turnkeep/core";
import { LRUCache } from "lru-cache";
import { type Rate, TokenBucket } from "./token-bucket.js";

/** How many callers are remembered; of more, those that were quiet for longest are forgotten. */
const remembered = 50_000;

/** Counts what each caller costs, whatever the transport, and says how long one who has had enough has to wait. */
export class RateLimit {
  readonly #rate: Rate | null;
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: remembered });
  readonly #now: () => number;

  /** @param rate `null`: no limit */
  constructor(rate: Rate | null, { monotonicMs }: Pick<Runtime, "monotonicMs">) {
    this.#rate = rate;
    this.#now = monotonicMs;
  }

  /** After how many ms the caller may come again; 0: it may go on, and this cost so much. */
  take(caller: string, cost = 1): number {
    if (this.#rate === null) return 0;
    let bucket = this.#buckets.get(caller);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#rate, this.#now);
      this.#buckets.set(caller, bucket);
    }
    return bucket.take(cost);
  }
}
