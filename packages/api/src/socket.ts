import { type Pauses, pauseAfter, type Runtime } from "@turnkeep/core";
import type { Game } from "./answers.js";
import { isPassing, type Refusal, refusalOf, Unanswered } from "./errors.js";
import { Renewal } from "./renewal.js";
import type { ActionWrite } from "./requests.js";
import type { ServerMessage } from "./schemas/index.js";

/** The part of a WebSocket that is used: the browser's, Node's and `ws`'s have it. */
interface WebSocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** `refused`: the server does not take the token. It is tried again all the same. */
export type ConnectionState = "connecting" | "live" | "lost" | "refused" | "closed";

/** What an action over the socket came to. */
export type Done = Extract<ServerMessage, { type: "done" }>;

export interface Watcher {
  /** The game as it is now, and again with each new version. */
  view(game: Game): void;
  /** The game cannot be watched: it was deleted (`GameGone`), does not exist, or is quarantined. */
  gone?(code: string): void;
}

export interface SocketOptions {
  readonly url: string;
  readonly token: () => string | null;
  readonly WebSocket: WebSocketConstructor;
  readonly backoff: Pauses;
  readonly runtime: Pick<Runtime, "schedule" | "random">;
  readonly onState: (state: ConnectionState) => void;
}

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: Refusal | Unanswered) => void;
}

/** Close codes: the server shuts down, refuses this client, or asks for a newer token. */
const goingAway = 1_001;
const policy = 1_008;
const tokenExpired = 4_001;
const answerWithinMs = 5_000;
const watchAgainMs = 1_000;
const replacedMs = 100;

/**
 * A socket to the server that connects again whenever its connection is lost. It goes through `connecting`, `live`, and
 * then `lost` (or `refused`) and `live` in turn, until `close`. All watched games are watched again on each connection.
 */
export class ApiSocket {
  readonly #options: SocketOptions;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #renewal: Renewal;
  #shown: string | null = null;
  #socket: WebSocketLike | null = null;
  #state: ConnectionState = "connecting";
  /** Whether the present connection takes messages; `reconnect` leaves the state as it is until it knows better. */
  #ready = false;
  #attempt = 0;
  #requests = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#renewal = new Renewal(options.runtime, options.token);
    this.#connect();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Shows the game now and whenever it changes, across lost connections. The returned function ends that. */
  watch(gameId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(gameId) ?? new Set();
    if (watchers.size === 0) this.#send({ type: "watch", gameId });
    this.#watchers.set(gameId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0 || this.#watchers.get(gameId) !== watchers) return;
      this.#watchers.delete(gameId);
      this.#send({ type: "unwatch", gameId });
    };
  }

  /**
   * Sends an action once. Without an answer it may or may not be done: send it again with the same write id, here or
   * over HTTP.
   * @throws Refusal, Unanswered
   */
  act(gameId: string, write: ActionWrite): Promise<Done> {
    if (!this.#ready) return Promise.reject(new Unanswered("not connected"));
    this.#requests += 1;
    const requestId = `r${this.#requests}`;
    let cancel = () => {};
    const answer = new Promise<Done>((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      const late = () => reject(new Unanswered("no answer in time"));
      cancel = this.#options.runtime.schedule(late, answerWithinMs);
    });
    this.#send({ type: "act", requestId, gameId, ...write });
    return answer.finally(() => {
      cancel();
      this.#waiting.delete(requestId);
    });
  }

  /** Gives up the connection, if there is one, and connects at once. */
  reconnect(): void {
    if (this.#state !== "closed") this.#connect();
  }

  /** Takes the connection for lost, for who learns of it in another way: a device that goes offline closes no socket. */
  lose(): void {
    this.#lose(this.#socket, 0);
  }

  /** Takes the present connection for lost if the probe fails: a server that hangs closes no socket. */
  async check(probe: () => Promise<unknown>): Promise<void> {
    const socket = this.#socket;
    if (this.#ready) await probe().catch(() => this.#lose(socket, 0));
  }

  close(): void {
    this.#enter("closed");
    this.#drop();
  }

  #connect(): void {
    this.#drop();
    const { WebSocket, url, runtime } = this.#options;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#cancelTimer = runtime.schedule(() => this.#lose(socket, 0), answerWithinMs);
    socket.addEventListener("open", () => this.#authenticate(socket, this.#options.token()));
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#receive(JSON.parse(String(data)));
    });
    // What breaks a connection also closes it.
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", ({ code }) => this.#lose(socket, code));
  }

  #authenticate(socket: WebSocketLike, token: string | null): void {
    this.#shown = token;
    socket.send(JSON.stringify({ type: "authenticate", token }));
  }

  /** Leaves the present connection, and fails what waits for an answer on it. */
  #drop(): void {
    this.#cancelTimer();
    this.#renewal.end();
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    for (const { reject } of [...this.#waiting.values()]) reject(new Unanswered("the connection broke"));
  }

  #lose(socket: WebSocketLike | null, code: number): void {
    if (socket === null || socket !== this.#socket) return;
    const wasReady = this.#ready;
    this.#drop();
    this.#enter(code === policy && !wasReady ? "refused" : "lost");
    const { runtime, backoff } = this.#options;
    this.#attempt += 1;
    const isBrief = code === goingAway || code === tokenExpired;
    const pauseMs = isBrief ? replacedMs : pauseAfter(this.#attempt, backoff, runtime);
    this.#cancelTimer = runtime.schedule(() => this.#connect(), pauseMs);
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #send(message: object): void {
    if (this.#ready) this.#socket?.send(JSON.stringify(message));
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "authenticated":
        this.#renewal.begin(message.expiresInMs, this.#shown, (token) => {
          if (this.#socket !== null) this.#authenticate(this.#socket, token);
        });
        if (this.#ready) return;
        this.#ready = true;
        this.#attempt = 0;
        this.#cancelTimer();
        this.#enter("live");
        for (const gameId of this.#watchers.keys()) this.#send({ type: "watch", gameId });
        return;
      case "done":
        this.#waiting.get(message.requestId ?? "")?.resolve(message);
        return;
      case "error": {
        const { requestId = "", gameId = "", problem } = message;
        const waiting = this.#waiting.get(requestId);
        if (waiting === undefined) this.#refuseWatch(gameId, problem);
        else waiting.reject(refusalOf(problem.status, problem));
        return;
      }
      case "view":
        for (const watcher of this.#watching(message.gameId)) watcher.view(message as Game);
        return;
      case "gone":
        for (const watcher of this.#watching(message.gameId)) watcher.gone?.("GameGone");
    }
  }

  /** A problem that passes, such as a store that is away, is no answer: the game is asked for again. */
  #refuseWatch(gameId: string, { status, code }: { readonly status: number; readonly code: string }): void {
    if (!isPassing(status)) {
      for (const watcher of this.#watching(gameId)) watcher.gone?.(code);
      return;
    }
    const again = () => {
      if (this.#watchers.has(gameId)) this.#send({ type: "watch", gameId });
    };
    this.#options.runtime.schedule(again, watchAgainMs, { keepAlive: false });
  }

  #watching(gameId: string): readonly Watcher[] {
    return [...(this.#watchers.get(gameId) ?? [])];
  }
}
