import { authenticateMessageSchema, clientMessageSchema, closeCodes } from "@turnkeep/api/schemas";
import type { CancelTimer } from "@turnkeep/core";
import type * as z from "zod";
import { invalidInput } from "../games/refusals.js";
import { describeIssue } from "../protocol/describe-issue.js";
import { rateLimited, unauthenticated } from "../protocol/http-error.js";
import { parseJson } from "../protocol/parse-json.js";
import { toProblem } from "../protocol/problem.js";
import { Inbox } from "./inbox.js";
import { Outbox } from "./outbox.js";
import { SessionRequests } from "./session-requests.js";
import type { SessionParts, SessionSocket } from "./session-socket.js";
import { WatchedGames } from "./watched-games.js";

const maxUnsoundMessages = 5;
const closeTimeoutMs = 2_000;
const longestTimerMs = 2_147_483_647;

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
  readonly #watched: WatchedGames;
  readonly #requests: SessionRequests;
  readonly #timers = new Set<CancelTimer>();
  #stage: "new" | "open" | "closed" = "new";
  #unsound = 0;
  #answersPings = true;
  #leave: () => void = () => undefined;

  constructor(parts: SessionParts, socket: SessionSocket, requestId: string) {
    this.#parts = parts;
    this.#socket = socket;
    this.#requestId = requestId;
    const { limits, runtime } = parts;
    this.#outbox = new Outbox(socket, limits.socketBufferLimitBytes, () =>
      this.close(closeCodes.tryAgainLater, "too slow"),
    );
    this.#inbox = new Inbox(limits.socketMessagesPerSecond, runtime);
    this.#watched = new WatchedGames(this.#outbox, limits.socketWatchedGames);
    this.#requests = new SessionRequests(parts, this.#outbox, this.#watched, () => this.#closed());
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    // They cost as much as a message that is refused, and count as one.
    socket.on("ping", () => this.#endFlood());
    socket.on("pong", () => {
      this.#answersPings = true;
      this.#endFlood();
    });
    socket.on("close", () => this.#forget());
    this.#after(limits.authenticateWithinMs, () => {
      if (this.#stage === "new") this.close(closeCodes.policy, "not authenticated in time");
    });
  }

  /** Pings; a socket that did not answer the ping before is ended. */
  beat(): void {
    if (this.#closed()) return;
    if (!this.#answersPings) {
      if (this.#socket.bufferedAmount > 0) this.close(closeCodes.tryAgainLater, "too slow");
      else this.#socket.terminate();
      return;
    }
    this.#answersPings = false;
    this.#socket.ping();
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
    this.#leave();
    this.#outbox.close();
    for (const cancel of this.#timers) cancel();
    this.#watched.clear();
  }

  #after(ms: number, then: () => void): void {
    this.#timers.add(this.#parts.runtime.schedule(then, Math.min(ms, longestTimerMs)));
  }

  #receive(data: { toString(): string }, isBinary: boolean): void {
    if (this.#endFlood()) return;
    this.#inbox.add(async () => {
      if (this.#closed()) return;
      const value = this.#parse(isBinary ? "" : data.toString());
      await (this.#stage === "new" ? this.#authenticate(value) : this.#answer(value));
    });
  }

  /** Whether this frame was one too many. */
  #endFlood(): boolean {
    if (this.#closed()) return true;
    if (!this.#inbox.isFlooded()) return false;
    this.#refuse(rateLimited(1_000), {});
    this.close(closeCodes.policy, "too many messages");
    return true;
  }

  /** `undefined` if the text is not valid JSON; that has been answered then. */
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
    let playerId: string | null;
    try {
      playerId = await this.#identify(token);
    } catch (error) {
      this.#refuse(error, value);
      return this.close(closeCodes.policy, "not authenticated");
    }
    if (this.#closed()) return;
    const leave = playerId === null ? () => undefined : this.#parts.ofPlayers.take(playerId);
    if (leave === null) {
      this.#refuse(rateLimited(1_000), value);
      return this.close(closeCodes.policy, "too many sockets of this player");
    }
    this.#leave = leave;
    this.#watched.viewerId = playerId;
    this.#stage = "open";
    this.#outbox.reply({ type: "authenticated", playerId, requestId });
  }

  /** A player's id; `null` for a spectator. @throws Unauthenticated */
  async #identify(token: string | null): Promise<string | null> {
    const { access, runtime } = this.#parts;
    if (token === null) {
      if (access.demo === null) throw unauthenticated("a token is needed");
      return null;
    }
    const { playerId, expiresAt } = await access.verifier.verify(token);
    this.#after(Math.max(0, expiresAt - runtime.wallClockMs()), () =>
      this.close(closeCodes.policy, "the token has run out"),
    );
    return playerId;
  }

  async #answer(value: unknown): Promise<void> {
    const parsed = clientMessageSchema.safeParse(value);
    if (!parsed.success) return this.#refuseUnsound(value, parsed.error.issues);
    try {
      await this.#requests.answer(parsed.data);
    } catch (error) {
      this.#refuse(error, value);
    }
  }

  #refuseUnsound(value: unknown, issues: readonly z.core.$ZodIssue[]): void {
    // What is not JSON has been answered already.
    if (value !== undefined) this.#refuse(invalidInput(...issues.map((issue) => describeIssue(issue))), value);
    this.#unsound += 1;
    if (this.#unsound >= maxUnsoundMessages) this.close(closeCodes.policy, "too many unsound messages");
  }

  #refuse(error: unknown, message: unknown): void {
    const problem = toProblem(error, this.#requestId);
    if (problem.status >= 500)
      this.#parts.log.error({ err: error, reqId: this.#requestId }, "a socket's message failed");
    this.#outbox.reply({ type: "error", ...readLabels(message), problem });
  }

  #closed(): boolean {
    return this.#stage === "closed";
  }
}

/** What an error repeats of the message that it answers, also of an invalid one. */
function readLabels(message: unknown): { requestId?: string; gameId?: string } {
  if (typeof message !== "object" || message === null) return {};
  const short = (name: "requestId" | "gameId") => {
    const label = Object.getOwnPropertyDescriptor(message, name)?.value;
    return typeof label === "string" && label.length <= 64 ? { [name]: label } : {};
  };
  return { ...short("requestId"), ...short("gameId") };
}
