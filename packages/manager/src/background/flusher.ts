import { type Context, reportUnavailable } from "../context.js";
import { isUnreadable } from "../errors.js";
import { mapLimit } from "../util/limiter.js";
import { Loop } from "../util/retry.js";
import { atOnce, flushClaims, flushFailing, flushOrReconcile, reported } from "./flush-round.js";

/**
 * The background work of one process: loops that claim and flush what is due, as many as flushes may be in flight, so
 * that one that waits for a slow store holds up no other; one that tries again what failed; one that counts the backlog.
 */
export class Flusher<State extends object> {
  readonly #ctx: Context<State>;
  readonly #claimers: readonly Loop[];
  readonly #others: readonly Loop[];

  constructor(ctx: Context<State>) {
    this.#ctx = ctx;
    const { flushEveryMs, flushesInFlight, backlogEveryMs, probeEveryMs } = ctx.settings;
    const loop = (everyMs: number, work: () => Promise<unknown>) =>
      new Loop(ctx.runtime, {
        work: async () => void (await work()),
        everyMs,
        longestPauseMs: Math.max(everyMs, probeEveryMs),
        onFailure: (error) => this.#report(error),
      });
    this.#claimers = Array.from({ length: flushesInFlight }, () =>
      loop(flushEveryMs * flushesInFlight, () => flushClaims(ctx, { ahead: true })),
    );
    this.#others = [
      loop(flushEveryMs, () => reported(ctx, (round) => flushFailing(ctx, round, "due"))),
      loop(backlogEveryMs, async () => {
        ctx.events.emit("flush:backlog", { ...(await ctx.backlog.look()), orphans: ctx.orphans.count() });
      }),
    ];
  }

  /** Each loop's first round comes at a time of its own, so that together they look as often as they should. */
  start(): void {
    for (const [n, claimer] of this.#claimers.entries()) claimer.start(this.#ctx.settings.flushEveryMs * (n + 1));
    for (const other of this.#others) other.start();
  }

  /** Ends the loops; resolves once the rounds under way are through. */
  async stop(): Promise<void> {
    await Promise.all([...this.#claimers, ...this.#others].map((loop) => loop.stop()));
  }

  /**
   * Flushes what this process wrote and has not seen flushed, due or not, also where the copy has become unverified.
   * Never throws: what is left is reported.
   */
  async drain(): Promise<void> {
    const left: string[] = [];
    await mapLimit(this.#ctx.unflushed.list(), atOnce, async (gameId) => {
      try {
        // Once it is known that nothing can be flushed, the rest is left to others at once.
        if (this.#ctx.storeIsAway()) left.push(gameId);
        else await flushOrReconcile(this.#ctx, gameId);
      } catch (error) {
        left.push(gameId);
        this.#report(error);
      }
    });
    if (left.length > 0) {
      this.#ctx.log.warn({ games: left.length }, "games were left to others: they could not be flushed at the end");
    }
  }

  #report(error: unknown): void {
    reportUnavailable(this.#ctx, error);
    // That the store is away, or that this process cannot read a game, was reported when it was found out.
    if (this.#ctx.storeIsAway() || isUnreadable(error)) this.#ctx.log.debug({ err: error }, "a flush failed");
    else this.#ctx.log.error({ err: error }, "a flush failed");
  }
}
