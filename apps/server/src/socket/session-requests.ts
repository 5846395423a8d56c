import type { ClientMessage } from "@turnkeep/api/schemas";
import { forbidden } from "../games/refusals.js";
import { viewMessage } from "../games/watch/game-watches.js";
import { unauthenticated } from "../protocol/http-error.js";
import type { Outbox } from "./outbox.js";
import type { SessionParts } from "./session-socket.js";
import type { WatchedGames } from "./watched-games.js";

type WatchMessage = Extract<ClientMessage, { type: "watch" }>;
type ActMessage = Extract<ClientMessage, { type: "act" }>;

/** What an authenticated socket may ask for. */
export class SessionRequests {
  readonly #parts: Pick<SessionParts, "service" | "watches" | "limits">;
  readonly #outbox: Outbox;
  readonly #watched: WatchedGames;
  readonly #closed: () => boolean;

  constructor(
    parts: Pick<SessionParts, "service" | "watches" | "limits">,
    outbox: Outbox,
    watched: WatchedGames,
    closed: () => boolean,
  ) {
    this.#parts = parts;
    this.#outbox = outbox;
    this.#watched = watched;
    this.#closed = closed;
  }

  /** @throws what the service throws, Unauthenticated for actions of spectators, Forbidden for one game too many */
  async answer(message: Exclude<ClientMessage, { type: "authenticate" }>): Promise<void> {
    if (message.type === "watch") return this.#watch(message);
    if (message.type === "act") return this.#act(message);
    const { gameId, requestId } = message;
    this.#watched.remove(gameId);
    this.#outbox.reply({ type: "unwatched", gameId, requestId });
  }

  async #act({ gameId, action, requestId, ...options }: ActMessage): Promise<void> {
    const { viewerId } = this.#watched;
    if (viewerId === null) throw unauthenticated("a spectator cannot act");
    const done = await this.#parts.service.act(viewerId, gameId, action, options);
    const { version, status, durability, duplicate, result } = done;
    this.#outbox.reply({ type: "done", gameId, version, status, durability, duplicate, result, requestId });
  }

  async #watch({ gameId, since, requestId }: WatchMessage): Promise<void> {
    const { service, watches, limits } = this.#parts;
    if (!this.#watched.mayWatch(gameId)) {
      throw forbidden(`a socket watches at most ${limits.socketWatchedGames} games`);
    }
    const { viewerId } = this.#watched;
    const news = since === undefined ? null : await service.since(gameId, viewerId, since);
    const answer = news ?? (await service.view(gameId, viewerId));
    if (this.#closed()) return;
    this.#outbox.reply({ type: "watching", gameId, requestId });
    if (news !== null) this.#outbox.reply({ type: "news", gameId, writes: news.writes, exact: news.exact });
    // A reply, since nothing newer will ever replace it: it counts towards what may wait.
    if (answer.status === "archived") return this.#outbox.reply(viewMessage(answer));
    // The replies may have been one too many.
    if (!this.#closed()) this.#watched.add(gameId, (watcher) => watches.watch(gameId, watcher));
  }
}
