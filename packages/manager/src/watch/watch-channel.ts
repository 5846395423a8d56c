import { compareVersions, isTurnkeepError, parseVersion, sleep, type Version } from "@turnkeep/core";
import type { Change, Unsubscribe } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { readReplayStates } from "../load/decode.js";
import { type LoadedGame, loadGame, toLoaded } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";

/** A new version of a game, or of its metadata, from any server; `gone` when it was archived, deleted or evicted. */
export type WatchedGame<State> = LoadedGame<State> | { readonly status: "gone"; readonly gameId: string };

/** How long after a failed subscription or read the next one follows. */
const retryMs = 250;

/** Why nothing further comes: the game is no longer there, this process closes, or the game could not be read. */
export type ChannelEnd<State> =
  | { readonly reason: "gone"; readonly game: WatchedGame<State> }
  | { readonly reason: "closed" }
  | { readonly reason: "failed"; readonly error: unknown };

/**
 * This process's one subscription to a game, shared by all who watch it here. Each change leads to one read for all of
 * them; changes that come during a read lead to one more, so that only the newest state is ever kept. While the cache
 * or the store is unavailable it tries again and again.
 *
 * subscribing ──> open ⇄ reading ──the game is gone or cannot be read, or the channel is closed──> over
 */
export class WatchChannel<State extends object> {
  readonly #ctx: Context<State>;
  readonly #gameId: string;
  readonly #watchers = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #subscribing: Promise<void>;
  #unsubscribe: Unsubscribe | null = null;
  #pending: Change | "look" | null = null;
  #reading = false;
  #readsBegun = 0;
  #lastRead = 0;
  #heardOf: Version | null = null;
  #latest: LoadedGame<State> | null = null;
  #over: ChannelEnd<State> | null = null;

  constructor(ctx: Context<State>, gameId: string) {
    this.#ctx = ctx;
    this.#gameId = gameId;
    this.#subscribing = this.#subscribe();
  }

  /** The newest state that was read, if any: the same object until a newer version is read. */
  get latest(): LoadedGame<State> | null {
    return this.#latest;
  }

  get over(): ChannelEnd<State> | null {
    return this.#over;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Calls `wake` at all news from now on. Returns the number of a read that begins after this call. */
  join(wake: () => void): number {
    const read = this.#readsBegun + 1;
    this.#watchers.add(wake);
    this.#look("look");
    return read;
  }

  leave(wake: () => void): void {
    this.#watchers.delete(wake);
  }

  /** Whether this read, or a later one, has succeeded. */
  hasRead(read: number): boolean {
    return this.#lastRead >= read;
  }

  /** Ends the subscription. */
  async close(): Promise<void> {
    this.#end({ reason: "closed" });
    await this.#subscribing;
    try {
      this.#unsubscribe?.();
    } catch (error) {
      this.#ctx.log.debug({ gameId: this.#gameId, err: error }, "a subscription could not be ended");
    }
  }

  async #subscribe(): Promise<void> {
    while (this.#over === null && this.#unsubscribe === null) {
      await this.#try(async () => {
        const look = () => this.#look("look");
        this.#unsubscribe = await this.#ctx.cache.subscribe(this.#gameId, (change) => this.#look(change), look);
      });
    }
    this.#look("look");
  }

  /** Never throws: a change that is no version means that the game is read. */
  #look(change: Change | "look"): void {
    this.#heardOf = versionIn(change) ?? this.#heardOf;
    this.#pending = change;
    if (this.#unsubscribe !== null && !this.#reading) void this.#readPending();
  }

  async #readPending(): Promise<void> {
    this.#reading = true;
    while (this.#pending !== null && this.#over === null) {
      const change = this.#pending;
      this.#pending = null;
      this.#readsBegun += 1;
      const isRead = await this.#try(() => this.#read(change));
      if (isRead) this.#lastRead = this.#readsBegun;
      else this.#pending ??= change;
      this.#wakeAll();
    }
    this.#reading = false;
  }

  /** Whether it was done. Of what may pass, it waits for a moment; everything else ends the channel. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isPassing(error)) this.#end({ reason: "failed", error });
      else await sleep(this.#ctx.runtime, retryMs, { signal: this.#stop.signal, keepAlive: false });
      return false;
    }
  }

  async #read(change: Change | "look"): Promise<void> {
    const own = this.#ctx.localCopies.get(this.#gameId);
    if (own !== undefined && own.version === change && this.#isNews(own.version)) return this.#keep(own);
    const announced = this.#heardOf;
    const loaded = await loadGame(this.#ctx, this.#gameId);
    if (loaded.kind === "game") {
      // What was announced before this read is what was read, or older.
      if (this.#heardOf === announced) this.#heardOf = null;
      return this.#keep(loaded.game);
    }
    if (loaded.status === "archived") await this.#readFinalState();
    this.#end({ reason: "gone", game: { status: "gone", gameId: this.#gameId } });
  }

  /** Of an announcement alone; what is read now is the newest, also where its version is lower after a restore. */
  #isNews(version: Version): boolean {
    return this.#latest === null || compareVersions(version, this.#latest.version) > 0;
  }

  #keep(game: LocalCopy<State>): void {
    const { version, metadataVersion } = this.#latest ?? {};
    if (version !== game.version || metadataVersion !== game.metadataVersion) this.#latest = toLoaded(game);
  }

  /** The end was announced, but archived before it could be read here: history has the final state. */
  async #readFinalState(): Promise<void> {
    const version = this.#heardOf;
    if (version === null || version === this.#latest?.version) return;
    const replay = await readReplayStates(this.#ctx, this.#gameId, {});
    if (replay === null || replay.finalState === null) return;
    const { finalState: state, record, metadata } = replay;
    const beside = { rulesVersion: record.rulesVersion, metadata, metadataVersion: "0" };
    this.#latest = { state, version, status: "ended", ...beside, stale: false };
  }

  #end(end: ChannelEnd<State>): void {
    this.#over ??= end;
    this.#stop.abort();
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#watchers) wake();
  }
}

function versionIn(change: string): Version | null {
  try {
    return parseVersion(change);
  } catch {
    return null;
  }
}

/** Either side may be back in a moment; everything else will not get better by waiting. */
function isPassing(error: unknown): boolean {
  return isTurnkeepError(error, "CacheUnavailable") || isTurnkeepError(error, "StoreUnavailable");
}
