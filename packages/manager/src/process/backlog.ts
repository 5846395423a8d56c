import { isTurnkeepError, type Runtime, TurnkeepError } from "@turnkeep/core";
import type { Cache, DirtyBacklog } from "@turnkeep/core/ports";
import type { Emitter } from "../events.js";
import type { ManagerSettings } from "../settings.js";
import { unlessAborted } from "../util/abort.js";
import type { UnflushedGames } from "./unflushed.js";

const shortestLagMs = 1_000;
const longestRetryMs = 30_000;

/** What the backlog is looked at through. */
interface Sides {
  readonly cache: Pick<Cache, "backlog">;
  readonly unflushed: UnflushedGames;
  readonly storeIsAway: () => boolean;
  readonly events: Pick<Emitter, "emit">;
}

interface Claim {
  /** By the process's monotonic clock, in ms; so is `dueAt`, of the most overdue game. */
  readonly at: number;
  readonly dueAt: number;
}

/** While it is behind, so many writes are let in for each game that is flushed: so it gets less behind. */
const catchUp = 0.8;
/** So many games are a few batches, and no backlog, however busy the machine is. */
const fewestBehind = 64;
/** Fewer games say nothing of how many the store could take. */
const fewestToPace = 16;

/**
 * What waits for the store, of all processes, and how late it is; and what that means for new writes.
 *
 * on time ⇄ behind: writes wait until games are flushed ⇄ late: writes of clean games are refused
 *
 * It is behind once more waits than the store takes within the lag, or what is being flushed has been due for half of
 * it; then flushes run ahead of their time. So what is admitted reaches the store within twice the lag. While the store
 * is away or does not get on, and then until what waited has been flushed, only counts bound the backlog, so that play
 * goes on.
 */
export class Backlog {
  readonly #runtime: Pick<Runtime, "monotonicMs" | "schedule">;
  readonly #sides: Sides;
  readonly #settings: ManagerSettings;
  /** The time within which writes are due, but never less than a busy machine needs to look a few times. */
  readonly #lagMs: number;
  /** The newest claim of each round that is under way. */
  readonly #claims = new Map<object, Claim>();
  readonly #waiting = new Set<(flushed: boolean) => void>();
  /** Games that are dirty: as the last claim found them, and those that this process made dirty since. */
  #games = 0;
  /** The same, but only those that this process made dirty within the last two lags or so: other processes flush too. */
  #own = { since: 0, now: 0, before: 0 };
  /** How many games this process flushed lately when it had enough of them, and in how many ms; the newest count most. */
  #paced = { games: 0, ms: 0, at: 0 };
  #last: { readonly at: number; readonly seen: DirtyBacklog } | null = null;
  #outage = false;
  #reportedLate = false;

  constructor(runtime: Pick<Runtime, "monotonicMs" | "schedule">, sides: Sides, settings: ManagerSettings) {
    this.#runtime = runtime;
    this.#sides = sides;
    this.#settings = settings;
    this.#lagMs = Math.max(settings.flushWithinMs, shortestLagMs);
  }

  /** Asks the cache now. A claim hides its games there, so those that this process has claimed, or failed to flush, count from then. */
  async look(signal?: AbortSignal | undefined): Promise<DirtyBacklog> {
    const { cache, unflushed } = this.#sides;
    const { games, oldestOverdueMs } = await cache.backlog({ signal });
    const oldest = Math.max(oldestOverdueMs, unflushed.oldestFailingMs(), this.#lateMs());
    const seen = { games, oldestOverdueMs: Math.round(oldest) };
    this.#last = { at: this.#runtime.monotonicMs(), seen };
    return seen;
  }

  /** How far ahead of their time games are to be flushed, in ms: while writes wait for flushes, or their pace is not known. */
  get dueWithinMs(): number {
    const ahead = this.#waiting.size > 0 || (this.#paced.games === 0 && this.#games >= fewestToPace);
    return ahead ? this.#settings.flushWithinMs : 0;
  }

  /** This process has written a game that was clean. */
  dirtied(): void {
    const now = this.#runtime.monotonicMs();
    const { since, now: newest } = this.#own;
    const lags = Math.floor((now - since) / this.#lagMs);
    if (lags > 0) this.#own = { since: now, now: 0, before: lags === 1 ? newest : 0 };
    this.#own.now += 1;
    this.#games += 1;
  }

  /** A round has claimed games of this backlog. */
  claimed(round: object, { games, oldestOverdueMs }: DirtyBacklog): void {
    const at = this.#runtime.monotonicMs();
    this.#claims.set(round, { at, dueAt: at - oldestOverdueMs });
    this.#games = games;
    if (!this.#watch()) return;
    if (oldestOverdueMs < this.#behindFromMs && !this.#stalled()) this.#outage = false;
  }

  /** The flush of what a round has claimed has ended. */
  flushed(round: object, games: number): void {
    const claim = this.#claims.get(round);
    if (claim !== undefined && games >= fewestToPace) {
      const at = this.#runtime.monotonicMs();
      const paced = this.#paced;
      this.#paced = { games: paced.games / 2 + games, ms: paced.ms / 2 + at - Math.max(claim.at, paced.at), at };
    }
    this.#games = Math.max(0, this.#games - games);
    this.#watch();
    this.#letGo(games);
  }

  /** Nothing more is due, or the round has failed, so that a side may be away. */
  roundOver(round: object, failed: boolean): void {
    this.#claims.delete(round);
    if (failed) this.#outage = true;
    this.#letGo(0);
  }

  /**
   * Lets a write begin: at once, or while flushes are behind once as many games were flushed as writes came before it.
   * @returns whether it may make a clean game dirty: not if its turn does not come within the lag
   * @throws Aborted (`notDone`)
   */
  async admitWrite(signal: AbortSignal | undefined): Promise<boolean> {
    if (!this.#isBehind()) return true;
    const admitted = this.#waiting.size < this.#perLag() && (await unlessAborted(this.#turn(), signal));
    return admitted || !this.#isBehind() || this.#watch();
  }

  /** True once the games before it were flushed, false if the lag is over first. */
  #turn(): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (flushed: boolean) => {
        this.#waiting.delete(go);
        cancel();
        resolve(flushed);
      };
      const cancel = this.#runtime.schedule(() => go(false), this.#lagMs);
      this.#waiting.add(go);
    });
  }

  /** How many games this process flushes within the lag; infinite until that is known. */
  #perLag(): number {
    const { games, ms } = this.#paced;
    return games === 0 ? Number.POSITIVE_INFINITY : (games * this.#lagMs) / Math.max(1, ms);
  }

  /**
   * @throws Backpressure at the bound for new games, by a count that is at most `backlogEveryMs` old, or while flushes
   * are too late
   */
  async admitNewGame(signal?: AbortSignal | undefined): Promise<void> {
    const { refuseNewGamesAt, backlogEveryMs } = this.#settings;
    if (!(await this.admitWrite(signal))) throw this.refusal("newGames");
    if (refuseNewGamesAt === 0) return;
    try {
      const fresh = this.#last !== null && this.#runtime.monotonicMs() - this.#last.at < backlogEveryMs;
      const { games } = fresh && this.#last !== null ? this.#last.seen : await this.look(signal);
      if (games >= refuseNewGamesAt) throw this.refusal("newGames");
    } catch (error) {
      // A creation needs the store alone.
      if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    }
  }

  /** The error for what is refused; its hint grows with how long the store has been behind. */
  refusal(what: "newGames" | "writes"): TurnkeepError<"Backpressure"> {
    const overdueMs = this.#last?.seen.oldestOverdueMs ?? 0;
    const retryAfterMs = Math.max(this.#settings.flushWithinMs, Math.min(overdueMs, longestRetryMs));
    const refused = what === "newGames" ? "no new games are taken" : "this game takes no writes";
    return new TurnkeepError("Backpressure", `${refused}: too much waits for the store`, { what, retryAfterMs });
  }

  #letGo(writes: number): void {
    const free = this.#isBehind() ? Math.floor(writes * catchUp) : this.#waiting.size;
    for (const go of [...this.#waiting].slice(0, free)) go(true);
  }

  get #behindFromMs(): number {
    return this.#lagMs / 2;
  }

  /** Whether writes wait for flushes: those are behind, and the store gets on with them. */
  #isBehind(): boolean {
    if (!this.#settings.runFlusher || this.#stalled()) return false;
    const { now, before } = this.#own;
    const waiting = Math.min(this.#games, now + before);
    return waiting > fewestBehind && (waiting > this.#perLag() || this.#lateMs() >= this.#behindFromMs);
  }

  /** For how long the most overdue of the games has been due whose flush is under way; 0 if none is. */
  #lateMs(): number {
    const now = this.#runtime.monotonicMs();
    return Math.max(0, ...[...this.#claims.values()].map(({ dueAt }) => now - dueAt));
  }

  /** Whether the store takes no flushes: it is away, or one has been under way for twice the lag. */
  #stalled(): boolean {
    const now = this.#runtime.monotonicMs();
    return this.#sides.storeIsAway() || [...this.#claims.values()].some(({ at }) => now - at > 2 * this.#lagMs);
  }

  /** Whether an outage, or what has waited since, keeps the backlog late. Reports once that it is later than promised. */
  #watch(): boolean {
    if (this.#stalled()) this.#outage = true;
    const oldestOverdueMs = this.#lateMs();
    if (oldestOverdueMs > this.#lagMs && !this.#reportedLate)
      this.#sides.events.emit("flush:late", { oldestOverdueMs });
    if (oldestOverdueMs > this.#lagMs) this.#reportedLate = true;
    else if (oldestOverdueMs < this.#behindFromMs) this.#reportedLate = false;
    return this.#outage;
  }
}
