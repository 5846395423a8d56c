import { type Pauses, type Runtime, systemRuntime } from "@turnkeep/core";
import { refusalOf, Unanswered } from "./errors.js";
import type { ApiRequest } from "./request.js";
import { ApiSocket, type ConnectionState, type WebSocketConstructor } from "./socket.js";
import { defaultBackoff, type RepeatOptions, untilAnswered } from "./until-answered.js";

export interface ApiClientOptions {
  /** Where the server is: scheme, host and port. */
  readonly url: string;
  /** The caller's bearer token, asked for at each request and connection; `null` for a spectator. Default: `null`. */
  readonly token?: (() => string | null) | undefined;
  /** Default: the platform's own, which Node has from version 22 on. */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** An attempt without an answer ends after so long, in ms. Default: 15,000. */
  readonly answerWithinMs?: number | undefined;
  /** The pauses between two attempts and between two connections. Default: from 250 ms to 4 s. */
  readonly backoff?: Pauses | undefined;
  /** Where timers and chance come from. Default: the platform's own. */
  readonly runtime?: Pick<Runtime, "schedule" | "random"> | undefined;
}

type AskOptions = Pick<RepeatOptions, "signal">;

/** One caller's way to the server. */
export interface ApiClient {
  /**
   * Sends the request once. What the server answers is trusted to be of the request's type.
   * @throws Refusal, Unanswered
   */
  ask<T>(request: ApiRequest<T>, options?: AskOptions): Promise<T>;
  /**
   * Sends the request until there is a final answer. Writes carry their write id, so they happen once however often they
   * are sent, to whichever server. All attempts have the token of the first.
   * @throws Refusal that is final; the last attempt's error once the signal fires
   */
  askUntilAnswered<T>(
    request: ApiRequest<T>,
    options?: Pick<RepeatOptions, "signal" | "onRetry" | "pause">,
  ): Promise<T>;
  /**
   * Opens a socket that connects again whenever its connection is lost, until it is closed.
   * @throws Error where neither the platform nor the options have a WebSocket
   */
  openSocket(onState?: (state: ConnectionState) => void): ApiSocket;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { token = () => null, answerWithinMs = 15_000, backoff = defaultBackoff, runtime = systemRuntime } = options;
  const url = options.url.replace(/\/$/, "");

  async function send<T>({ path, body }: ApiRequest<T>, bearer: string | null, { signal }: AskOptions): Promise<T> {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    const cancel = runtime.schedule(abort, answerWithinMs, { keepAlive: false });
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + path, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: "application/json",
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: attempt.signal,
      });
      text = await response.text();
    } catch (cause) {
      throw new Unanswered(attempt.signal.aborted ? "no answer in time" : "the server does not answer", { cause });
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
    }
    const answer = parse(text);
    if (!response.ok) throw refusalOf(response.status, answer);
    if (answer === undefined) throw new Unanswered("the answer is not the server's");
    return answer as T;
  }

  return {
    ask: async (request, ask = {}) => send(request, token(), ask),
    askUntilAnswered: async (request, repeat = {}) => {
      const bearer = token();
      return untilAnswered(() => send(request, bearer, repeat), { ...repeat, backoff, runtime });
    },
    openSocket: (onState = () => undefined) => {
      const { WebSocket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket } = options;
      if (WebSocket === undefined) throw new Error("this platform has no WebSocket: pass one");
      const socketUrl = `${url.replace(/^http/, "ws")}/ws`;
      return new ApiSocket({ url: socketUrl, token, WebSocket, backoff, runtime, onState });
    },
  };
}

/** `undefined` for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
