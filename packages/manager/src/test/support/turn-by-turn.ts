import { away, interceptAll } from "@turnkeep/conformance";

/** Chooses a whole number from 0, below the bound. */
export type Choose = (bound: number) => number;

/**
 * One call in so many fails before it is made, and one in so many loses its reply. An eviction never fails: then the
 * copy would stay until the daemon's sweep, and look like a game that came back.
 */
const oneIn = 15;

/**
 * Lets calls of ports go on one at a time, in a chosen order, and makes some of them fail. The same choices give the
 * same history.
 */
export class TurnByTurn {
  readonly #waiting: (() => void)[] = [];
  readonly #choose: Choose;
  faulty = true;

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  /** Resolves once it is this caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The port whose calls wait for a turn before they are made and before they return; some fail. */
  through<Port extends object>(port: Port): Port {
    return interceptAll(port, async (operation, call) => {
      await this.turn();
      const luck = this.faulty && operation !== "evict" ? this.#choose(2 * oneIn) : -1;
      if (luck === 0) return away("notDone")(call, port);
      const reply = await call();
      await this.turn();
      if (luck === 1) return away("unknown")(call, port);
      return reply;
    });
  }

  /** Gives turns until all of this is over, and throws the first error of it. */
  async run(work: readonly Promise<unknown>[]): Promise<void> {
    let over = false;
    const all = Promise.all(work).finally(() => {
      over = true;
    });
    all.catch(() => undefined); // Thrown below.
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice(this.#choose(Math.max(1, this.#waiting.length)), 1);
      next?.();
    }
    await all;
  }
}
