import { backoffMs, pause } from "./backoff.js";

/** The server's answer that something may not be. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** Longer than a server ever takes that still means to answer. */
const answerMs = 15_000;

/** No answer came: the server, or the way to it, is away. */
export class Unanswered extends Error {}

export interface Request {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  readonly token?: string | null | undefined;
}

/** One question to the server. @throws Refusal, Unanswered */
export async function ask<T>(path: string, { method = "GET", body, token }: Request = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(answerMs);
    response = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal });
    text = await response.text();
  } catch (error) {
    throw new Unanswered("the server does not answer", { cause: error });
  }
  const said = parse(text);
  if (response.ok) return said as T;
  const { code = "", detail, title, details = {} } = (said ?? {}) as Record<string, unknown>;
  const message = String(detail ?? title ?? `the server said ${response.status}`);
  throw new Refusal(response.status, String(code), message, details as Record<string, unknown>);
}

/**
 * Asks until there is an answer that stays: a write carries its id, so that it happens once however often it is sent,
 * to whichever server. `onWait` hears of each try that got none.
 * @throws Refusal
 */
export async function askUntilAnswered<T>(path: string, request: Request, onWait: () => void = () => {}): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask<T>(path, request);
    } catch (error) {
      const passes = error instanceof Unanswered || (error instanceof Refusal && isPassing(error.status));
      if (!passes) throw error;
      onWait();
      await pause(backoffMs(attempt));
    }
  }
}

const isPassing = (status: number): boolean => status === 429 || status === 408 || status >= 502;

function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Names a write; also where the page was not loaded by HTTPS, which `randomUUID` asks for. */
export function newWriteId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
