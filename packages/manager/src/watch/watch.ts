import { compareVersions, type Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import type { WatchedGame } from "../types.js";
import { WatchChannel } from "./watch-channel.js";

/** All that is watched in this process: one channel a game, for as long as somebody watches it. */
export class Watching<State extends object> {
  readonly #ctx: Context<State>;
  readonly #channels = new Map<string, WatchChannel<State>>();

  constructor(ctx: Context<State>) {
    this.#ctx = ctx;
  }

  /** Games with an open channel. */
  get size(): number {
    return this.#channels.size;
  }

  watch(gameId: string, signal: AbortSignal | undefined): AsyncIterable<WatchedGame<State>> {
    return {
      [Symbol.asyncIterator]: () =>
        new Watcher(
          gameId,
          () => this.#channelOf(gameId),
          (channel) => this.#release(gameId, channel),
          signal,
        ),
    };
  }

  /** Ends every watcher. */
  async close(): Promise<void> {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.all(channels.map((channel) => channel.close()));
  }

  #channelOf(gameId: string): WatchChannel<State> {
    this.#ctx.lifecycle.assertRunning();
    const open = this.#channels.get(gameId);
    if (open !== undefined && open.over === null) return open;
    const channel = new WatchChannel(this.#ctx, gameId);
    this.#channels.set(gameId, channel);
    return channel;
  }

  #release(gameId: string, channel: WatchChannel<State>): void {
    if (channel.watched) return;
    if (this.#channels.get(gameId) === channel) this.#channels.delete(gameId);
    void channel.close();
  }
}

type Next<State> = IteratorResult<WatchedGame<State>, undefined>;

/** One watcher: gives the newest state that it has not given yet. Keeps none itself, so a slow one costs nothing. */
class Watcher<State extends object> implements AsyncIterator<WatchedGame<State>, undefined> {
  readonly #gameId: string;
  readonly #open: () => WatchChannel<State>;
  readonly #release: (channel: WatchChannel<State>) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #wake = () => this.#resume?.();
  #channel: WatchChannel<State> | null = null;
  #given: Version | null = null;
  #ended = false;
  #resume: (() => void) | null = null;
  #asked: Promise<void> = Promise.resolve();

  constructor(
    gameId: string,
    open: () => WatchChannel<State>,
    release: (channel: WatchChannel<State>) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#gameId = gameId;
    this.#open = open;
    this.#release = release;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#end, { once: true });
  }

  /** Calls answer one after the other: one that is made before the last has answered gets what comes after it. */
  next(): Promise<Next<State>> {
    const answer = this.#asked.then(() => this.#next());
    this.#asked = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }

  async #next(): Promise<Next<State>> {
    try {
      if (!this.#stopped() && this.#channel === null) {
        this.#channel = this.#open();
        await this.#channel.join(this.#wake);
      }
      while (!this.#stopped() && this.#channel !== null) {
        const game = this.#take(this.#channel);
        if (game !== null) return { value: game, done: false };
        if (this.#stopped()) break;
        await new Promise<void>((resolve) => {
          this.#resume = resolve;
        });
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return { value: undefined, done: true };
  }

  async return(): Promise<Next<State>> {
    this.#end();
    return { value: undefined, done: true };
  }

  #stopped(): boolean {
    return this.#ended || this.#signal?.aborted === true;
  }

  #take(channel: WatchChannel<State>): WatchedGame<State> | null {
    const { latest, over } = channel;
    if (latest !== null && (this.#given === null || compareVersions(latest.version, this.#given) > 0)) {
      this.#given = latest.version;
      return latest;
    }
    if (over === null) return null;
    this.#end();
    if (over.reason === "failed") throw over.error;
    return over.reason === "gone" ? { status: "gone", gameId: this.#gameId } : null;
  }

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal?.removeEventListener("abort", this.#end);
    if (this.#channel !== null) {
      this.#channel.leave(this.#wake);
      this.#release(this.#channel);
    }
    this.#wake();
  };
}
