import { TurnkeepError } from "@turnkeep/core";

/** Decides, in turn: below the bound that it is given. */
export type Choose = (bound: number) => number;

/**
 * One call in so many fails before it is made, and one in so many loses its reply; but never a eviction: a copy that
 * could not be evicted is left to the daemon's sweep, and one that is served after its eviction is a game come back.
 */
const oneIn = 15;

const undisturbed = new Set<PropertyKey>(["start", "close", "afterCommit"]);

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
    const code = "flush" in port ? "StoreUnavailable" : "CacheUnavailable";
    const fail = (fate: "notDone" | "unknown") => new TurnkeepError(code, "chosen to fail", { fate });
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        if (undisturbed.has(name)) return member.bind(target);
        return async (...args: unknown[]) => {
          await this.turn();
          const luck = this.faulty && name !== "evict" ? this.#choose(2 * oneIn) : -1;
          if (luck === 0) throw fail("notDone");
          const reply: unknown = await Reflect.apply(member, target, args);
          await this.turn();
          if (luck === 1) throw fail("unknown");
          return reply;
        };
      },
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
