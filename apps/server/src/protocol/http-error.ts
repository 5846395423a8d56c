/** The data that each refusal carries, by its code. */
interface HttpErrorDetails {
  /** No credentials, or expired or foreign ones. */
  Unauthenticated: Record<never, never>;
  RateLimited: { retryAfterMs: number };
  /** The key server is away, so that nobody can say whether the token is valid. */
  KeysUnavailable: { retryAfterMs: number };
  /** The id is in use by a game that began in another way. */
  GameExists: { gameId: string };
}

export type HttpErrorCode = keyof HttpErrorDetails;

/** What the server refuses before any game is concerned. */
export class HttpError<C extends HttpErrorCode = HttpErrorCode> extends Error {
  override readonly name = "HttpError";

  constructor(
    readonly code: C,
    message: string,
    readonly details: Readonly<HttpErrorDetails[C]>,
  ) {
    super(message);
  }
}

export const isHttpError = (error: unknown): error is HttpError => error instanceof HttpError;

export function unauthenticated(message: string): HttpError<"Unauthenticated"> {
  return new HttpError("Unauthenticated", message, {});
}

/** @param retryAfterMs when the key server is asked again, in ms */
export function keysUnavailable(retryAfterMs: number): HttpError<"KeysUnavailable"> {
  return new HttpError("KeysUnavailable", "the keys of tokens cannot be fetched", { retryAfterMs });
}

export function gameExists(gameId: string): HttpError<"GameExists"> {
  return new HttpError("GameExists", "a game that was asked for in another way has this id", { gameId });
}

/** @param retryAfterMs when it makes sense to try again, in ms */
export function rateLimited(retryAfterMs: number): HttpError<"RateLimited"> {
  return new HttpError("RateLimited", "too many requests", { retryAfterMs });
}
