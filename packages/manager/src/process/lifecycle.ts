import { TurnkeepError } from "@turnkeep/core";

export type LifeState = "idle" | "starting" | "running" | "closing" | "closed";

/**
 * idle ──start──> starting ──> running ──close──> closing ──(calls under way have ended)──> closed
 *
 * A manager that could not be started is closed; a closed one is not started again.
 */
export class Lifecycle {
  #state: LifeState = "idle";
  #calls = 0;
  readonly #whenQuiet: (() => void)[] = [];
  readonly #whenChanged: (() => void)[] = [];

  get state(): LifeState {
    return this.#state;
  }

  become(state: LifeState): void {
    this.#state = state;
    for (const resolve of this.#whenChanged.splice(0)) resolve();
  }

  /** @throws NotRunning before start and after close */
  assertRunning(): void {
    if (this.#state === "running") return;
    const when = this.#state === "idle" || this.#state === "starting" ? "before start()" : "after close()";
    throw new TurnkeepError("NotRunning", `the manager cannot be used ${when}`, {});
  }

  /** Runs the call and counts it as under way. @throws NotRunning */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.assertRunning();
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#ended();
    }
  }

  /** Counts what goes on after its call has ended, and never rejects, as under way. */
  follow(work: Promise<void>): void {
    this.#calls += 1;
    void work.then(() => this.#ended());
  }

  #ended(): void {
    this.#calls -= 1;
    if (this.#calls === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }

  /** Resolves once no call is under way. */
  async quiet(): Promise<void> {
    if (this.#calls > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Resolves once it is in none of these states any more. */
  async past(...states: readonly LifeState[]): Promise<void> {
    while (states.includes(this.#state)) await new Promise<void>((resolve) => this.#whenChanged.push(resolve));
  }
}
