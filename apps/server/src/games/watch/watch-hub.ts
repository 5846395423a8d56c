import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { GameAnswer, ServerMessage } from "@turnkeep/api/schemas";
import { isTurnkeepError } from "@turnkeep/core";
import type { GameStateManager, LoadedGame, Logger } from "@turnkeep/manager";
import { toProblem } from "../../protocol/problem.js";
import type { GameService } from "../game-service.js";
import { projectGame } from "../served/project-game.js";
import type { ServedGame } from "../served/served-game.js";

/** One who watches a game. */
export interface Watcher {
  /** A player's id, or `null` for a spectator. */
  readonly viewerId: string | null;
  /** Given every new view, as the text of a message; only the newest matters. */
  show(gameId: string, text: string): void;
  /** No view follows: the game is over and has been shown, or was deleted. */
  finished(gameId: string): void;
}

interface Feed {
  readonly watchers: Set<Watcher>;
  readonly stop: AbortController;
  newest: LoadedGame<object> | null;
}

const retryAfterMs = 1_000;

/**
 * Shows new versions of games, from whichever server they come, to all who watch here: one subscription a game, and
 * one projection a viewer and version, however many watch.
 */
export class WatchHub<State extends object, Action> {
  readonly #feeds = new Map<string, Feed>();

  constructor(
    private readonly served: ServedGame<State, Action>,
    private readonly manager: Pick<GameStateManager<State>, "watch" | "serviceTime">,
    private readonly service: Pick<GameService, "view">,
    private readonly log: Logger,
  ) {}

  /** Shows the current view soon, and every newer one; the returned function ends that. */
  watch(gameId: string, watcher: Watcher): () => void {
    const feed = this.#feeds.get(gameId) ?? this.#open(gameId);
    feed.watchers.add(watcher);
    if (feed.newest !== null) this.#publish(gameId, feed.newest as LoadedGame<State>, [watcher]);
    return () => {
      feed.watchers.delete(watcher);
      if (feed.watchers.size === 0) this.#close(gameId, feed);
    };
  }

  /** Ends all subscriptions; watchers hear nothing more. */
  close(): void {
    for (const [gameId, feed] of this.#feeds) this.#close(gameId, feed);
  }

  /** How many games are watched here. */
  get size(): number {
    return this.#feeds.size;
  }

  #open(gameId: string): Feed {
    const feed: Feed = { watchers: new Set(), stop: new AbortController(), newest: null };
    this.#feeds.set(gameId, feed);
    void this.#follow(gameId, feed);
    return feed;
  }

  #close(gameId: string, feed: Feed): void {
    feed.stop.abort();
    if (this.#feeds.get(gameId) === feed) this.#feeds.delete(gameId);
  }

  /** A subscription that breaks is made again, for as long as somebody watches. Never rejects. */
  async #follow(gameId: string, feed: Feed): Promise<void> {
    const { signal } = feed.stop;
    while (!signal.aborted) {
      try {
        for await (const change of this.manager.watch(gameId, { signal })) {
          if (signal.aborted) return;
          if (change.status === "gone") return await this.#finish(gameId, feed);
          feed.newest = change as LoadedGame<object>;
          this.#publish(gameId, change, feed.watchers);
        }
        if (!signal.aborted) return await this.#finish(gameId, feed);
      } catch (error) {
        if (signal.aborted) return;
        // What history has cannot be read now: then it is found to be gone once more, and tried again.
        if (isTurnkeepError(error, "GameNotFound") && (await this.#isFinished(gameId, feed))) return;
        if (isTurnkeepError(error, "UnsupportedSchema")) return this.#sendElsewhere(gameId, feed, error);
        this.log.warn({ err: error, gameId }, "watching a game failed; it is tried again");
        await delay(retryAfterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #publish(gameId: string, loaded: LoadedGame<State>, watchers: Iterable<Watcher>): void {
    const serviceTime = this.manager.serviceTime();
    const texts = new Map<string | null, string>();
    for (const watcher of watchers) {
      let text = texts.get(watcher.viewerId);
      if (text === undefined) {
        text = JSON.stringify(viewMessage(projectGame(this.served, loaded, watcher.viewerId, serviceTime)));
        texts.set(watcher.viewerId, text);
      }
      watcher.show(gameId, text);
    }
  }

  /** A newer server has written the game: those who watch are told that another one can show it. */
  #sendElsewhere(gameId: string, feed: Feed, error: unknown): void {
    this.#close(gameId, feed);
    const message: ServerMessage = { type: "error", gameId, problem: toProblem(error, randomUUID()) };
    this.log.warn({ gameId }, "a watched game was written by a newer server");
    for (const watcher of feed.watchers) {
      watcher.show(gameId, JSON.stringify(message));
      watcher.finished(gameId);
    }
  }

  async #isFinished(gameId: string, feed: Feed): Promise<boolean> {
    return this.#finish(gameId, feed).then(
      () => true,
      () => false,
    );
  }

  /** The game left the cache: shows what history has of it, and lets go of those who watched. */
  async #finish(gameId: string, feed: Feed): Promise<void> {
    // Whoever comes from now on gets a feed of their own, and the same ending.
    if (this.#feeds.get(gameId) === feed) this.#feeds.delete(gameId);
    const answers = new Map<string | null, Promise<string | null>>();
    const finalText = async (viewerId: string | null): Promise<string | null> => {
      try {
        return JSON.stringify(viewMessage(await this.service.view(gameId, viewerId)));
      } catch (error) {
        if (isTurnkeepError(error, "GameNotFound")) return null;
        throw error;
      }
    };
    for (const watcher of [...feed.watchers]) {
      const answer = answers.get(watcher.viewerId) ?? finalText(watcher.viewerId);
      answers.set(watcher.viewerId, answer);
      const gone: ServerMessage = { type: "gone", gameId };
      watcher.show(gameId, (await answer) ?? JSON.stringify(gone));
    }
    for (const watcher of feed.watchers) watcher.finished(gameId);
    this.#close(gameId, feed);
  }
}

export function viewMessage({ gameId, version, status, stale, serviceTime, view, result }: GameAnswer): ServerMessage {
  return { type: "view", gameId, version, status, stale, serviceTime, view, result };
}
