/** Counts of a run, shown while it goes on. */
export interface Counts {
  kills: number;
  matchesUnderWay: number;
  matchesFinished: number;
  acknowledged: number;
  retries: number;
  recognised: number;
}

/** Where progress is shown; standard error, so that standard output holds the result alone. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * Shows what goes on: on a terminal one line that redraws itself under what happened, elsewhere what happened and a
 * line every five seconds.
 */
export class Progress {
  readonly counts: Counts = {
    kills: 0,
    matchesUnderWay: 0,
    matchesFinished: 0,
    acknowledged: 0,
    retries: 0,
    recognised: 0,
  };
  readonly #stream: ProgressStream;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    this.#timer = setInterval(() => this.#show(), stream.isTTY ? 200 : 5_000);
    this.#timer.unref();
  }

  /** Something happened that stays on the screen. */
  say(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
    if (this.#stream.isTTY) this.#show();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #show(): void {
    const { kills, matchesUnderWay, matchesFinished, acknowledged, retries, recognised } = this.counts;
    const text =
      `matches ${matchesUnderWay} under way, ${matchesFinished} finished; ` +
      `actions ${acknowledged} acknowledged, ${retries} retries, ${recognised} of them recognised as done before; server killed ${kills} times`;
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }

  #clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[K");
  }
}
