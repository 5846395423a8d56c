import { authenticateMessageSchema, closeCodes, type Problem } from "@turnkeep/api/schemas";
import type { CancelTimer } from "@turnkeep/core";
import { unauthenticated } from "../protocol/http-error.js";
import { parseJson } from "../protocol/parse-json.js";
import { toProblem } from "../protocol/problem.js";
import { Heartbeat } from "./heartbeat.js";
import { Identity } from "./identity.js";
import { Inbox } from "./inbox.js";
import { Outbox } from "./outbox.js";
import { isUnsound, readLabels, readMessage } from "./read-message.js";
import { SessionRequests } from "./session-requests.js";
import type { Opened, SessionParts, SessionSocket } from "./session-socket.js";
import { WatchedGames } from "./watched-games.js";

const maxUnsoundMessages = 5;
const closeTimeoutMs = 2_000;

/**
 * One socket: `new` until its first message, which must authenticate; then `open` until it closes. Messages are
 * answered one after the other, in their order.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #socket: SessionSocket;
  readonly #requestId: string;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #identity: Identity;
  readonly #watched: WatchedGames;
  readonly #requests: SessionRequests;
  readonly #heartbeat: Heartbeat;
  readonly #cancelDeadline: CancelTimer;
  #stage: "new" | "open" | "closed" = "new";
  #unsound = 0;

  constructor(parts: SessionParts, socket: SessionSocket, { id, ip }: Opened) {
    this.#parts = parts;
    this.#socket = socket;
    this.#requestId = id;
    const { limits, runtime } = parts;
    this.#outbox = new Outbox(socket, limits.socketBufferLimitBytes, () =>
      this.close(closeCodes.tryAgainLater, "too slow"),
    );
    this.#identity = new Identity(parts, () => this.close(closeCodes.tokenExpired, "the token has run out"));
    this.#inbox = new Inbox(limits.socketMessagesPerSecond, runtime, (cost) =>
      parts.requestLimits.count({ ip, playerId: this.#identity.playerId }, cost),
    );
    this.#heartbeat = new Heartbeat(() => runtime.randomId());
    this.#watched = new WatchedGames(this.#outbox, limits.socketWatchedGames);
    this.#requests = new SessionRequests(parts, this.#outbox, this.#watched, () => this.#closed());
    socket.on("message", (data) => this.#receive(data.toString()));
    // They cost as much as a message that is refused, and count as one.
    socket.on("ping", () => this.#count(0));
    socket.on("pong", (data) => {
      this.#heartbeat.answer(data.toString());
      this.#count(0);
    });
    socket.on("close", () => this.#forget());
    this.#cancelDeadline = runtime.schedule(() => {
      if (this.#stage === "new") this.close(closeCodes.policy, "not authenticated in time");
    }, limits.authenticateWithinMs);
  }

  /** Pings; a socket that did not answer the ping before is ended. */
  beat(): void {
    if (this.#closed()) return;
    const ping = this.#heartbeat.next();
    if (ping !== null) this.#socket.ping(ping);
    else if (this.#socket.bufferedAmount > 0) this.close(closeCodes.tryAgainLater, "too slow");
    else this.#socket.terminate();
  }

  /** Says why, and ends the connection even if the other side does not answer. */
  close(code: number, reason: string): void {
    if (this.#closed()) return;
    this.#forget();
    this.#parts.closed?.(code);
    this.#socket.close(code, reason);
    this.#parts.runtime.schedule(() => this.#socket.terminate(), closeTimeoutMs, { keepAlive: false });
  }

  #forget(): void {
    this.#stage = "closed";
    this.#identity.forget();
    this.#outbox.close();
    this.#cancelDeadline();
    this.#watched.clear();
  }

  #receive(text: string): void {
    if (!this.#count(text.length)) return;
    this.#inbox.add(async () => {
      if (this.#closed()) return;
      await (this.#stage === "new" ? this.#begin(text) : this.#answer(text));
    });
  }

  /** Whether this frame may be answered; one too many ends the socket. */
  #count(bytes: number): boolean {
    if (this.#closed()) return false;
    try {
      this.#inbox.count(bytes);
      return true;
    } catch (error) {
      this.#refuse(error, {});
      this.close(closeCodes.policy, "too many messages");
      return false;
    }
  }

  async #begin(text: string): Promise<void> {
    let message: unknown;
    try {
      message = parseJson(text);
      const parsed = authenticateMessageSchema.safeParse(message);
      if (!parsed.success) throw unauthenticated("the first message must authenticate");
      await this.#authenticate(parsed.data);
    } catch (error) {
      const { status } = this.#refuse(error, message);
      if (status >= 500) this.close(closeCodes.tryAgainLater, "nobody can be authenticated now");
      else this.close(closeCodes.policy, "not authenticated");
    }
  }

  async #authenticate({ token, requestId }: { token: string | null; requestId?: string | undefined }): Promise<void> {
    const authenticated = await this.#identity.authenticate(token);
    if (this.#closed()) return;
    this.#watched.viewerId = authenticated.playerId;
    this.#stage = "open";
    this.#outbox.reply({ type: "authenticated", ...authenticated, requestId });
  }

  async #answer(text: string): Promise<void> {
    let value: unknown;
    try {
      value = parseJson(text);
      const message = readMessage(value);
      await (message.type === "authenticate" ? this.#authenticate(message) : this.#requests.answer(message));
    } catch (error) {
      this.#refuse(error, value);
      if (!isUnsound(error)) return;
      this.#unsound += 1;
      if (this.#unsound >= maxUnsoundMessages) this.close(closeCodes.policy, "too many unsound messages");
    }
  }

  #refuse(error: unknown, message: unknown): Problem {
    const problem = toProblem(error, this.#requestId);
    if (problem.status >= 500)
      this.#parts.log.error({ err: error, reqId: this.#requestId }, "a socket's message failed");
    this.#outbox.reply({ type: "error", ...readLabels(message), problem });
    return problem;
  }

  #closed(): boolean {
    return this.#stage === "closed";
  }
}
