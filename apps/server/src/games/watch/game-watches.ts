import type { GameAnswer, Problem, ServerMessage } from "@turnkeep/api/schemas";
import { isTurnkeepError, type Runtime, sleep } from "@turnkeep/core";
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

const retryAfterMs = 1_000;

/**
 * Shows new versions of games, from whichever server they come, to all who watch at this server. The manager keeps one
 * subscription a game; each state is projected once a viewer, however many sockets watch.
 */
export class GameWatches<State extends object, Action> {
  readonly #served: ServedGame<State, Action>;
  readonly #manager: Pick<GameStateManager<State>, "watch" | "serviceTime">;
  readonly #service: Pick<GameService, "view">;
  readonly #log: Logger;
  readonly #runtime: Runtime;
  readonly #open = new Set<AbortController>();
  /** Endings that are being read, by game and viewer. */
  readonly #endings = new Map<string, Promise<string>>();
  /** The messages of states that were shown, by viewer. */
  readonly #texts = new WeakMap<LoadedGame<State>, Map<string | null, string>>();

  constructor(
    served: ServedGame<State, Action>,
    manager: Pick<GameStateManager<State>, "watch" | "serviceTime">,
    service: Pick<GameService, "view">,
    log: Logger,
    runtime: Runtime,
  ) {
    this.#served = served;
    this.#manager = manager;
    this.#service = service;
    this.#log = log;
    this.#runtime = runtime;
  }

  /** Shows the current view soon, and every newer one, never within this call; the returned function ends that. */
  watch(gameId: string, watcher: Watcher): () => void {
    const stop = new AbortController();
    this.#open.add(stop);
    void this.#follow(gameId, watcher, stop.signal).finally(() => this.#open.delete(stop));
    return () => stop.abort();
  }

  /** Ends all; watchers get nothing more. */
  close(): void {
    for (const stop of this.#open) stop.abort();
  }

  /** How many watch. */
  get size(): number {
    return this.#open.size;
  }

  /** A subscription that breaks is made again until the watcher leaves. Never rejects. */
  async #follow(gameId: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const change of this.#manager.watch(gameId, { signal })) {
          if (signal.aborted) return;
          if (change.status === "gone") break;
          watcher.show(gameId, this.#textOf(change, watcher.viewerId));
        }
        return await this.#finish(gameId, watcher, signal);
      } catch (error) {
        if (signal.aborted) return;
        const problem = toProblem(error, this.#runtime.randomId());
        if (problem.code === "UnsupportedSchema") return this.#sendElsewhere(gameId, watcher, problem);
        // A game that has left the cache is read from history; if that fails too, all is tried again.
        const isFinished =
          isTurnkeepError(error, "GameNotFound") &&
          (await this.#finish(gameId, watcher, signal).then(
            () => true,
            () => false,
          ));
        if (isFinished) return;
        this.#log.warn({ err: error, gameId }, "watching a game failed; it is tried again");
        await sleep(this.#runtime, retryAfterMs, { signal });
      }
    }
  }

  #textOf(loaded: LoadedGame<State>, viewerId: string | null): string {
    const texts = this.#texts.get(loaded) ?? new Map<string | null, string>();
    this.#texts.set(loaded, texts);
    let text = texts.get(viewerId);
    if (text === undefined) {
      text = JSON.stringify(viewMessage(projectGame(this.#served, loaded, viewerId, this.#manager.serviceTime())));
      texts.set(viewerId, text);
    }
    return text;
  }

  /** This server cannot read the game: the watcher learns that another one may show it. */
  #sendElsewhere(gameId: string, watcher: Watcher, problem: Problem): void {
    const message: ServerMessage = { type: "error", gameId, problem };
    watcher.show(gameId, JSON.stringify(message));
    watcher.finished(gameId);
  }

  /** The game left the cache: shows what history has of it, and that no more follows. @throws StoreUnavailable */
  async #finish(gameId: string, watcher: Watcher, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const text = await this.#endingOf(gameId, watcher.viewerId);
    if (signal.aborted) return;
    watcher.show(gameId, text);
    watcher.finished(gameId);
  }

  /** Read once for all viewers alike who watch as the game ends. */
  #endingOf(gameId: string, viewerId: string | null): Promise<string> {
    const key = `${gameId} ${viewerId}`;
    const reading =
      this.#endings.get(key) ?? this.#readEnding(gameId, viewerId).finally(() => this.#endings.delete(key));
    this.#endings.set(key, reading);
    return reading;
  }

  async #readEnding(gameId: string, viewerId: string | null): Promise<string> {
    try {
      return JSON.stringify(viewMessage(await this.#service.view(gameId, viewerId)));
    } catch (error) {
      if (!isTurnkeepError(error, "GameNotFound")) throw error;
      return JSON.stringify({ type: "gone", gameId } satisfies ServerMessage);
    }
  }
}

export function viewMessage({ gameId, version, status, stale, serviceTime, view, result }: GameAnswer): ServerMessage {
  return { type: "view", gameId, version, status, stale, serviceTime, view, result };
}
