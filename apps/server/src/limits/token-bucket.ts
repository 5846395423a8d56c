/** How much passes: so much a second in the long run, and so much at once. */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/** Lets through what its rate allows. Something dear passes as soon as something cheap would, and is paid for after. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#tokens = rate.atOnce;
    this.#filledAt = now();
  }

  /** After how many ms it may pass; 0: it passes now, and costs so much. */
  take(cost = 1): number {
    const now = this.#now();
    const { perSecond, atOnce } = this.#rate;
    this.#tokens = Math.min(atOnce, this.#tokens + ((now - this.#filledAt) / 1_000) * perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / perSecond) * 1_000);
    this.#tokens -= cost;
    return 0;
  }
}
