import { authenticateMessageSchema, type ClientMessage, clientMessageSchema, closeCodes } from "@turnkeep/api/schemas";
import type { Logger } from "@turnkeep/manager";
import type { Access } from "../auth/access.js";
import type { GameService } from "../games/game-service.js";
import { forbidden, invalidInput } from "../games/refusals.js";
import { viewMessage, type Watcher } from "../games/watch/watch-hub.js";
import { describeIssue } from "../protocol/describe-issue.js";
import { rateLimited, unauthenticated } from "../protocol/http-error.js";
import { parseJson } from "../protocol/parse-json.js";
import { toProblem } from "../protocol/problem.js";
import { Outbox, type SendingSocket } from "./outbox.js";
import type { Tally } from "./tally.js";
import { TokenBucket } from "./token-bucket.js";

/** The part of a WebSocket that a session needs. */
export interface SessionSocket extends SendingSocket {
  on(event: "message", listener: (data: { toString(): string }, isBinary: boolean) => void): unknown;
  on(event: "close" | "ping" | "pong", listener: () => void): unknown;
  close(code: number, reason: string): void;
  ping(): void;
  terminate(): void;
}

export interface SessionLimits {
  readonly authenticateWithinMs: number;
  readonly socketMessagesPerSecond: number;
  readonly socketBufferLimitBytes: number;
  readonly socketWatchedGames: number;
}

export interface SessionParts {
  readonly access: Access;
  readonly service: GameService;
  readonly hub: { watch(gameId: string, watcher: Watcher): () => void };
  readonly limits: SessionLimits;
  /** Sockets by player; one too many is refused. */
  readonly ofPlayers: Pick<Tally, "take">;
  readonly log: Logger;
  /** Told of each socket that the server closes, and why. */
  readonly closed?: (code: number) => void;
}

const maxUnsoundMessages = 5;
const closeTimeoutMs = 2_000;

/**
 * One socket: `new` until its first message, which must authenticate; then `open` until it closes. Messages are
 * answered one after the other, in their order.
 */
export class Session implements Watcher {
  viewerId: string | null = null;
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  /** As many as may come at once; more wait only where answers are slow. */
  readonly #maxWaiting: number;
  readonly #watched = new Map<string, () => void>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stage: "new" | "open" | "closed" = "new";
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #unsound = 0;
  #answersPings = true;
  #leave: () => void = () => undefined;

  constructor(
    private readonly parts: SessionParts,
    private readonly socket: SessionSocket,
    private readonly requestId: string,
  ) {
    this.#outbox = new Outbox(socket, parts.limits.socketBufferLimitBytes, () =>
      this.close(closeCodes.tryAgainLater, "too slow"),
    );
    this.#bucket = new TokenBucket(parts.limits.socketMessagesPerSecond);
    this.#maxWaiting = parts.limits.socketMessagesPerSecond * 2;
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    // They cost as much as a message that is refused, and count as one.
    socket.on("ping", () => this.#endFlood());
    socket.on("pong", () => {
      this.#answersPings = true;
      this.#endFlood();
    });
    socket.on("close", () => this.#forget());
    this.#after(parts.limits.authenticateWithinMs, () => {
      if (this.#stage === "new") this.close(closeCodes.policy, "not authenticated in time");
    });
  }

  show(gameId: string, text: string): void {
    if (this.#watched.has(gameId)) this.#outbox.show(gameId, text);
  }

  finished(gameId: string): void {
    this.#watched.delete(gameId);
  }

  /** Pings; a socket that did not answer the ping before is ended. */
  beat(): void {
    if (this.#stage === "closed") return;
    if (!this.#answersPings) {
      if (this.socket.bufferedAmount > 0) this.close(closeCodes.tryAgainLater, "too slow");
      else this.socket.terminate();
      return;
    }
    this.#answersPings = false;
    this.socket.ping();
  }

  /** Says why, and ends the connection even if the other side does not answer. */
  close(code: number, reason: string): void {
    if (this.#stage === "closed") return;
    this.#forget();
    this.parts.closed?.(code);
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), closeTimeoutMs).unref();
  }

  #forget(): void {
    this.#stage = "closed";
    this.#leave();
    this.#outbox.close();
    for (const timer of this.#timers) clearTimeout(timer);
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  #after(ms: number, then: () => void): void {
    const longestTimeout = 2_147_483_647;
    this.#timers.add(setTimeout(then, Math.min(ms, longestTimeout)));
  }

  #receive(data: { toString(): string }, isBinary: boolean): void {
    if (this.#endFlood()) return;
    this.#waiting += 1;
    this.#queue = this.#queue.then(async () => {
      this.#waiting -= 1;
      if (this.#stage === "closed") return;
      const value = this.#parse(isBinary ? "" : data.toString());
      await (this.#stage === "new" ? this.#authenticate(value) : this.#answer(value));
    });
  }

  /** Whether this frame was one too many. */
  #endFlood(): boolean {
    if (this.#stage === "closed") return true;
    if (this.#bucket.take() && this.#waiting < this.#maxWaiting) return false;
    this.#refuse(rateLimited(1_000), {});
    this.close(closeCodes.policy, "too many messages");
    return true;
  }

  /** `undefined` where the text is no sound JSON; that has been answered then. */
  #parse(text: string): unknown {
    try {
      return parseJson(text);
    } catch (error) {
      this.#refuse(error, {});
      return undefined;
    }
  }

  async #authenticate(value: unknown): Promise<void> {
    const parsed = authenticateMessageSchema.safeParse(value);
    if (!parsed.success) {
      this.#refuse(unauthenticated("the first message must authenticate"), value);
      return this.close(closeCodes.policy, "the first message must authenticate");
    }
    const { token, requestId } = parsed.data;
    try {
      this.viewerId = await this.#identify(token);
    } catch (error) {
      this.#refuse(error, value);
      return this.close(closeCodes.policy, "not authenticated");
    }
    if (this.#closed()) return;
    const leave = this.viewerId === null ? () => undefined : this.parts.ofPlayers.take(this.viewerId);
    if (leave === null) {
      this.#refuse(rateLimited(1_000), value);
      return this.close(closeCodes.policy, "too many sockets of this player");
    }
    this.#leave = leave;
    this.#stage = "open";
    this.#outbox.reply({ type: "authenticated", playerId: this.viewerId, requestId });
  }

  /** A player's id; `null` for a spectator. @throws Unauthenticated */
  async #identify(token: string | null): Promise<string | null> {
    if (token === null) {
      if (this.parts.access.demo === null) throw unauthenticated("a token is needed");
      return null;
    }
    const { playerId, expiresAt } = await this.parts.access.verifier.verify(token);
    this.#after(Math.max(0, expiresAt - Date.now()), () => this.close(closeCodes.policy, "the token has run out"));
    return playerId;
  }

  async #answer(value: unknown): Promise<void> {
    const parsed = clientMessageSchema.safeParse(value);
    if (!parsed.success) {
      if (value !== undefined)
        this.#refuse(invalidInput(...parsed.error.issues.map((issue) => describeIssue(issue))), value);
      this.#unsound += 1;
      if (this.#unsound >= maxUnsoundMessages) this.close(closeCodes.policy, "too many unsound messages");
      return;
    }
    try {
      await this.#do(parsed.data);
    } catch (error) {
      this.#refuse(error, parsed.data);
    }
  }

  async #do(message: ClientMessage): Promise<void> {
    const { type, gameId, requestId } = message;
    switch (type) {
      case "watch":
        return this.#watch(message);
      case "unwatch":
        this.#watched.get(gameId)?.();
        this.#watched.delete(gameId);
        this.#outbox.forget(gameId);
        return this.#outbox.reply({ type: "unwatched", gameId, requestId });
      case "act": {
        if (this.viewerId === null) throw unauthenticated("a spectator cannot act");
        const { action, ...options } = message;
        const done = await this.parts.service.act(this.viewerId, gameId, action, options);
        const { version, status, durability, duplicate, result } = done;
        return this.#outbox.reply({ type: "done", gameId, version, status, durability, duplicate, result, requestId });
      }
    }
  }

  async #watch({ gameId, since, requestId }: Extract<ClientMessage, { type: "watch" }>): Promise<void> {
    if (!this.#watched.has(gameId) && this.#watched.size >= this.parts.limits.socketWatchedGames) {
      throw forbidden(`a socket watches at most ${this.parts.limits.socketWatchedGames} games`);
    }
    const { service } = this.parts;
    const news = since === undefined ? null : await service.since(gameId, this.viewerId, since);
    const answer = news ?? (await service.view(gameId, this.viewerId));
    if (this.#closed()) return;
    this.#outbox.reply({ type: "watching", gameId, requestId });
    if (news !== null) this.#outbox.reply({ type: "news", gameId, writes: news.writes, exact: news.exact });
    // A reply, since nothing newer will ever replace it: it counts to what may wait.
    if (answer.status === "archived") return this.#outbox.reply(viewMessage(answer));
    if (this.#closed() || this.#watched.has(gameId)) return;
    // Known before the feed shows its current view, which it does at once where others watch already.
    this.#watched.set(gameId, () => undefined);
    const unwatch = this.parts.hub.watch(gameId, this);
    // That view may have been one too many.
    if (this.#closed()) unwatch();
    else this.#watched.set(gameId, unwatch);
  }

  #refuse(error: unknown, message: unknown): void {
    const problem = toProblem(error, this.requestId);
    if (problem.status >= 500) this.parts.log.error({ err: error, reqId: this.requestId }, "a socket's message failed");
    const { requestId, gameId } = readLabels(message);
    this.#outbox.reply({ type: "error", requestId, gameId, problem });
  }

  #closed(): boolean {
    return this.#stage === "closed";
  }
}

/** What an error repeats of the message that it answers, also of an unsound one. */
function readLabels(message: unknown): { requestId?: string; gameId?: string } {
  if (typeof message !== "object" || message === null) return {};
  const short = (name: "requestId" | "gameId") => {
    const label = Object.getOwnPropertyDescriptor(message, name)?.value;
    return typeof label === "string" && label.length <= 64 ? { [name]: label } : {};
  };
  return { ...short("requestId"), ...short("gameId") };
}
