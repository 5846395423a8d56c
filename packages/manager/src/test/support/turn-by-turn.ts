import { away, interceptAll } from "@turnkeep/conformance";

/** Decides, in turn: below the bound that it is given. */
export type Choose = (bound: number) => number;

/**
 * One call in so many fails before it is made, and one in so many loses its reply; but never a eviction: a copy that
 * could not be evicted is left to the daemon's sweep, and one that is served after its eviction is a game come back.
 */
const oneIn = 15;

/**
 * Lets calls of ports go on one at a time, in an order that is chosen, and makes some of them fail: the same choices
 * give the same history.
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

  /** The port whose calls wait for their turn before and after, and fail as they are chosen to. */
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

  /** Gives turns until all of this has settled. */
  async settle(work: readonly Promise<unknown>[]): Promise<void> {
    let settled = false;
    const all = Promise.allSettled(work).then(() => {
      settled = true;
    });
    while (!settled) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.#waiting.splice(this.#choose(Math.max(1, this.#waiting.length)), 1);
      next?.();
    }
    await all;
  }
}
