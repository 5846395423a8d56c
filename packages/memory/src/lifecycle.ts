import { TurnkeepError } from "@turnkeep/core";

/** Whether an adapter may be used, and what every call asks first. */
export class Lifecycle {
  readonly #what: "cache" | "store";
  #running = false;

  constructor(what: "cache" | "store") {
    this.#what = what;
  }

  start(): void {
    this.#running = true;
  }

  close(): void {
    this.#running = false;
  }

  /** @throws NotRunning, Aborted (`notDone`) */
  check(signal: AbortSignal | undefined): void {
    if (!this.#running) {
      throw new TurnkeepError("NotRunning", `the ${this.#what} is used before start() or after close()`, {});
    }
    if (signal?.aborted) throw new TurnkeepError("Aborted", "the caller's signal fired", { fate: "notDone" });
  }
}
