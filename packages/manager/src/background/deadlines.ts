import { isTurnkeepError, type JsonValue } from "@turnkeep/core";
import type { CallOptions, Context } from "../context.js";
import { update } from "../operations/update.js";
import type { ReducerResult, RulesInForce } from "../write/reduce.js";
import { type FailedGame, isHopeless, reportFailures, sweepPages } from "./pages.js";

/**
 * What becomes of a game whose time is over, at this service time: as a reducer of an update. The very same state
 * writes nothing.
 */
export type OnDue<State, Entry = JsonValue> = (
  state: State,
  serviceMs: number,
  game: RulesInForce,
) => ReducerResult<State, Entry>;

export interface DeadlineResult {
  /** Games that were written. */
  readonly enforced: number;
  readonly failed: readonly FailedGame[];
}

const atOnce = 8;
/** How long a game that failed is left alone, in service time, so that it fails and is reported rarely. */
const failedPauseMs = 30_000;

/**
 * Enforces deadlines: the store lists games that may be due, and each is asked itself, in an ordinary update. What
 * counts is the state over which the update's compare-and-set holds, so however many processes do this at once, each
 * deadline is enforced once, and a game that has moved on since is left as it is.
 */
export class Deadlines<State extends object> {
  readonly #ctx: Context<State>;
  /** Until when, in service time, a game is left alone. */
  readonly #paused = new Map<string, number>();
  /** Games that an earlier round still asks: a locked row holds up no other game, nor the next round. */
  readonly #underWay = new Set<string>();

  constructor(ctx: Context<State>) {
    this.#ctx = ctx;
  }

  /** One round. @throws NotRunning without a service clock; StoreUnavailable, CacheUnavailable, Aborted */
  async enforce(onDue: OnDue<State, unknown>, { signal }: CallOptions): Promise<DeadlineResult> {
    const ctx = this.#ctx;
    const now = ctx.serviceClock.now();
    for (const [gameId, until] of this.#paused) if (until <= now) this.#paused.delete(gameId);
    let enforced = 0;
    const failed = await sweepPages({
      runtime: ctx.runtime,
      list: (after, limit) => ctx.store.listIds({ dueBy: now }, { after, limit }, { signal }),
      isPaused: (gameId) => this.#paused.has(gameId) || this.#underWay.has(gameId),
      visit: async (gameId) => {
        this.#underWay.add(gameId);
        try {
          if (await this.#enforceOne(gameId, onDue, now, signal)) enforced += 1;
        } catch (error) {
          this.#paused.set(gameId, now + failedPauseMs);
          throw error;
        } finally {
          this.#underWay.delete(gameId);
        }
      },
      pageGames: ctx.settings.recoveryPageGames,
      atOnce,
      leaveSlow: true,
      signal,
    });
    reportFailures(ctx.log, failed, "asked whether its time is over");
    return { enforced, failed };
  }

  async #enforceOne(
    gameId: string,
    onDue: OnDue<State, unknown>,
    now: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const ctx = this.#ctx;
    let due = now;
    const reducer = (state: State, game: RulesInForce) => {
      const dueAt = ctx.game.dueAt(state);
      if (dueAt === null || dueAt > now) return state;
      due = dueAt;
      return onDue(state, now, game);
    };
    try {
      const enforce = () => update(ctx, gameId, reducer, { signal });
      const { written } = await ctx.queues.run(gameId, signal, enforce);
      if (written) ctx.events.emit("deadline:enforced", { gameId, lateMs: ctx.serviceClock.now() - due });
      return written;
    } catch (error) {
      if (isOver(error)) return false;
      // Also if the sweep stops here, so that the next one comes to the games behind it.
      if (!isHopeless(error)) this.#paused.set(gameId, now + failedPauseMs);
      throw error;
    }
  }
}

/** It ended, or was deleted or quarantined, since it was listed. */
function isOver(error: unknown): boolean {
  return (
    isTurnkeepError(error, "GameEnded") ||
    isTurnkeepError(error, "GameGone") ||
    isTurnkeepError(error, "GameNotFound") ||
    isTurnkeepError(error, "GameQuarantined")
  );
}
