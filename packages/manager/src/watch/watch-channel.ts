import { compareVersions, isTurnkeepError, parseVersion, sleep, type Version } from "@turnkeep/core";
import type { Change, Unsubscribe } from "@turnkeep/core/ports";
import { readReplayStates } from "../archive/read-replay.js";
import type { Context } from "../context.js";
import { loadGame } from "../load/load-game.js";
import { toLoaded } from "../operations/load.js";
import type { LoadedGame } from "../types.js";

/** How long after a failed read the next one follows, while somebody watches. */
const retryMs = 250;

/** Why nothing further comes: the game is no longer there, this process closes, or the game could not be read. */
export type ChannelEnd =
  | { readonly reason: "gone" }
  | { readonly reason: "closed" }
  | { readonly reason: "failed"; readonly error: unknown };

/**
 * This process's one subscription to a game, shared by all who watch it here. Each change leads to one read for all of
 * them; changes that come during a read lead to one more, so that only the newest state is ever kept.
 *
 * open ⇄ reading ──the game is gone or cannot be read, or nobody watches any more──> over
 */
export class WatchChannel<State extends object> {
  readonly #ctx: Context<State>;
  readonly #gameId: string;
  readonly #watchers = new Set<() => void>();
  readonly #subscribed: Promise<Unsubscribe>;
  #pending: Change | "look" | null = null;
  #reading: Promise<void> | null = null;
  #heardOf: Version | null = null;
  #latest: LoadedGame<State> | null = null;
  #over: ChannelEnd | null = null;

  constructor(ctx: Context<State>, gameId: string) {
    this.#ctx = ctx;
    this.#gameId = gameId;
    this.#subscribed = ctx.cache.subscribe(
      gameId,
      (change) => this.#look(change),
      () => this.#look("look"),
    );
    this.#subscribed.catch(() => undefined);
  }

  /** The newest state that was read, if any. */
  get latest(): LoadedGame<State> | null {
    return this.#latest;
  }

  get over(): ChannelEnd | null {
    return this.#over;
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Joins, and resolves once a state has been read that is not older than this call. @throws CacheUnavailable */
  async join(wake: () => void): Promise<void> {
    this.#watchers.add(wake);
    await this.#subscribed;
    await this.#look("look");
  }

  leave(wake: () => void): void {
    this.#watchers.delete(wake);
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    this.#over ??= { reason: "closed" };
    this.#wakeAll();
    try {
      (await this.#subscribed)();
    } catch (error) {
      this.#ctx.log.debug({ gameId: this.#gameId, err: error }, "a subscription could not be ended");
    }
  }

  #look(change: Change | "look"): Promise<void> {
    if (change !== "gone" && change !== "look") this.#heardOf = parseVersion(change);
    this.#pending = change;
    if (this.#over !== null) return Promise.resolve();
    this.#reading ??= this.#readPending();
    return this.#reading;
  }

  async #readPending(): Promise<void> {
    while (this.#pending !== null && this.#over === null) {
      const change = this.#pending;
      this.#pending = null;
      try {
        await this.#read(change);
      } catch (error) {
        if (!isPassing(error)) this.#over = { reason: "failed", error };
        else if (this.watched) {
          this.#pending ??= change;
          await sleep(this.#ctx.runtime, retryMs, { keepAlive: false });
        }
      }
      this.#wakeAll();
    }
    this.#reading = null;
  }

  async #read(change: Change | "look"): Promise<void> {
    const own = this.#ctx.localCopies.get(this.#gameId);
    if (own !== undefined && own.version === change) {
      this.#latest = toLoaded(own);
      return;
    }
    const loaded = await loadGame(this.#ctx, this.#gameId);
    if (loaded.kind === "game") {
      this.#latest = toLoaded(loaded.game);
      return;
    }
    if (loaded.status === "archived") await this.#readFinalState();
    this.#over = { reason: "gone" };
  }

  /** The end was announced, but archived before it could be read here: history has the final state. */
  async #readFinalState(): Promise<void> {
    const version = this.#heardOf;
    if (version === null || (this.#latest !== null && compareVersions(version, this.#latest.version) <= 0)) return;
    const replay = await readReplayStates(this.#ctx, this.#gameId, {});
    if (replay === null || replay.finalState === null) return;
    this.#latest = { state: replay.finalState, version, status: "ended", stale: false };
  }

  #wakeAll(): void {
    for (const wake of this.#watchers) wake();
  }
}

/** Either side may be back in a moment; everything else will not get better by waiting. */
function isPassing(error: unknown): boolean {
  return isTurnkeepError(error, "CacheUnavailable") || isTurnkeepError(error, "StoreUnavailable");
}
