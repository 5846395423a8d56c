import type { CancelTimer, Runtime } from "@turnkeep/core";

const earlyMs = 30_000;
const leastPauseMs = 1_000;

/** Shows a connection's server each newer token before the one that it has runs out. */
export class Renewal {
  readonly #runtime: Pick<Runtime, "schedule">;
  readonly #token: () => string | null;
  #cancel: CancelTimer = () => undefined;

  constructor(runtime: Pick<Runtime, "schedule">, token: () => string | null) {
    this.#runtime = runtime;
    this.#token = token;
  }

  /**
   * Begins once the server has taken the token; that of before is forgotten.
   * @param expiresInMs `null` for a token that does not run out
   * @param shown the token that the server has
   * @param show called with each newer one
   */
  begin(expiresInMs: number | null, shown: string | null, show: (token: string | null) => void): void {
    this.end();
    if (expiresInMs === null || expiresInMs <= 0) return;
    const pauseMs = Math.max(leastPauseMs, expiresInMs - Math.min(earlyMs, expiresInMs / 2));
    const look = () => {
      const token = this.#token();
      if (token === shown) this.begin(expiresInMs - pauseMs, shown, show);
      else show(token);
    };
    this.#cancel = this.#runtime.schedule(look, pauseMs, { keepAlive: false });
  }

  end(): void {
    this.#cancel();
  }
}
