/** Whether the other side of a socket is there: it has to answer each ping, with what the ping said, before the next. */
export class Heartbeat {
  readonly #randomId: () => string;
  /** What the last ping said, until a pong repeats it. */
  #pinged: string | null = null;

  constructor(randomId: () => string) {
    this.#randomId = randomId;
  }

  /** What the next ping says; `null` where the last one was not answered. */
  next(): string | null {
    if (this.#pinged !== null) return null;
    this.#pinged = this.#randomId();
    return this.#pinged;
  }

  /** A pong that nobody asked for says nothing. */
  answer(said: string): void {
    if (said === this.#pinged) this.#pinged = null;
  }
}
