import type { Context } from "../context.js";
import { WatchChannel, type WatchedGame } from "./watch-channel.js";

/**
 * All that is watched in this process: one channel a game, for as long as it is watched. Every watcher of a game gets
 * the same objects, so that what is made of one, such as a player's view, can be made once for all.
 */
export class Watching<State extends object> {
  readonly #ctx: Context<State>;
  readonly #channels = new Map<string, WatchChannel<State>>();

  constructor(ctx: Context<State>) {
    this.#ctx = ctx;
  }

  watch(gameId: string, signal: AbortSignal | undefined): AsyncIterable<WatchedGame<State>> {
    return {
      [Symbol.asyncIterator]: () =>
        new Watcher(
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
    if (channel.isWatched) return;
    if (this.#channels.get(gameId) === channel) this.#channels.delete(gameId);
    void channel.close();
  }
}

type Next<State> = IteratorResult<WatchedGame<State>, undefined>;

/** One watcher: gives the newest state that it has not given yet. Keeps none itself, so a slow one costs nothing. */
class Watcher<State extends object> implements AsyncIterator<WatchedGame<State>, undefined> {
  readonly #open: () => WatchChannel<State>;
  readonly #release: (channel: WatchChannel<State>) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #wake = () => this.#resume?.();
  #channel: WatchChannel<State> | null = null;
  /** The read of its channel that it waits for at first, so that it begins with no state older than itself. */
  #firstRead = 0;
  #given: WatchedGame<State> | null = null;
  #ended = false;
  #resume: (() => void) | null = null;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(
    open: () => WatchChannel<State>,
    release: (channel: WatchChannel<State>) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#open = open;
    this.#release = release;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#end, { once: true });
  }

  /** Calls answer one after the other: one that is made before the last has answered gets what comes after it. */
  next(): Promise<Next<State>> {
    const answer = this.#asked.then(() => this.#next());
    this.#asked = answer.catch(() => undefined);
    return answer;
  }

  async return(): Promise<Next<State>> {
    this.#end();
    return { value: undefined, done: true };
  }

  async #next(): Promise<Next<State>> {
    try {
      while (!this.#isOver()) {
        const game = this.#take(this.#channel ?? this.#join());
        if (game !== null) return { value: game, done: false };
        if (this.#isOver()) break;
        await new Promise<void>((resolve) => {
          this.#resume = resolve;
        });
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    return this.return();
  }

  #join(): WatchChannel<State> {
    this.#channel = this.#open();
    this.#firstRead = this.#channel.join(this.#wake);
    return this.#channel;
  }

  #isOver(): boolean {
    return this.#ended || this.#signal?.aborted === true;
  }

  #take(channel: WatchChannel<State>): WatchedGame<State> | null {
    const { latest, over } = channel;
    if (over === null && !channel.hasRead(this.#firstRead)) return null;
    if (latest !== null && latest !== this.#given) {
      this.#given = latest;
      return latest;
    }
    if (over === null) return null;
    this.#end();
    if (over.reason === "failed") throw over.error;
    return over.reason === "gone" ? over.game : null;
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
