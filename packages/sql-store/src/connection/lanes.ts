import type { Runtime } from "@turnkeep/core";
import { aborted, connectionsInUse } from "../errors.js";
import { raceAgainst } from "./session.js";

/**
 * What a connection is wanted for: `flush` finds one that nothing else takes, so that play goes on; `call` finds one
 * that no `transaction` takes, since those may wait for a locked row.
 */
export type Lane = "flush" | "call" | "transaction";

/** The connections for the store's own statements: how many are in use, and how many calls wait for one. */
export interface PoolUse {
  readonly size: number;
  readonly used: number;
  readonly waiting: number;
}

interface Waiting {
  readonly lane: Lane;
  readonly go: () => void;
}

/** Hands out the connections of a pool: each lane has its most, and who finds none waits in line, for a bounded time. */
export class Lanes {
  readonly #runtime: Runtime;
  readonly #waitMs: number;
  readonly #most: Readonly<Record<Lane, number>>;
  readonly #held: Record<Lane, number> = { flush: 0, call: 0, transaction: 0 };
  readonly #line = new Set<Waiting>();

  constructor(runtime: Runtime, connections: number, waitMs: number) {
    this.#runtime = runtime;
    this.#waitMs = waitMs;
    const kept = Math.ceil(connections / 8);
    const call = Math.max(1, connections - kept);
    this.#most = { flush: connections, call, transaction: Math.max(1, call - kept) };
  }

  get use(): PoolUse {
    const { flush, call, transaction } = this.#held;
    return { size: this.#most.flush, used: flush + call + transaction, waiting: this.#line.size };
  }

  /**
   * Runs the work once a connection is free for it.
   * @throws Aborted, StoreUnavailable with the reason `busy`; then the work is not run
   */
  async run<T>(lane: Lane, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted) throw aborted("notDone");
    if (this.#admits(lane)) this.#held[lane] += 1;
    else await this.#turn(lane, signal);
    try {
      return await work();
    } finally {
      this.#leave(lane);
    }
  }

  #admits(lane: Lane): boolean {
    const { flush, call, transaction } = this.#held;
    if (flush + call + transaction >= this.#most.flush) return false;
    return (
      lane === "flush" || (call + transaction < this.#most.call && (lane === "call" || transaction < this.#most[lane]))
    );
  }

  async #turn(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    let go = () => {};
    const turn = new Promise<void>((resolve) => {
      go = resolve;
    });
    const waiting = { lane, go };
    this.#line.add(waiting);
    try {
      await raceAgainst(this.#runtime, turn, {
        timeoutMs: this.#waitMs,
        signal,
        fate: "notDone",
        late: connectionsInUse,
      });
    } catch (error) {
      // Its turn may have come in the same moment: then it is the next one's.
      if (!this.#line.delete(waiting)) this.#leave(lane);
      throw error;
    }
  }

  #leave(lane: Lane): void {
    this.#held[lane] -= 1;
    for (const waiting of this.#line) {
      if (!this.#admits(waiting.lane)) continue;
      this.#line.delete(waiting);
      this.#held[waiting.lane] += 1;
      waiting.go();
    }
  }
}
