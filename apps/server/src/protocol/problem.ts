import { type Problem, type ProblemCode, statusOf } from "@turnkeep/api/schemas";
import { type ErrorCode, isTurnkeepError } from "@turnkeep/core";
import { type HttpErrorCode, isHttpError } from "./http-error.js";

interface Kind {
  readonly title: string;
  /** Which details a client may see. */
  readonly shows?: readonly string[];
  /** The message is written for clients; otherwise the title replaces it. */
  readonly showsMessage?: true;
}

/** Every error that a request can end with, as clients see it. A code that is missing here does not compile. */
const kinds: Readonly<Record<ErrorCode | HttpErrorCode, Kind>> = {
  InvalidGameId: { title: "The game id is not a lower-case UUID", showsMessage: true },
  InvalidInput: { title: "The input is not sound", shows: ["issues"], showsMessage: true },
  InvalidState: { title: "The input cannot be kept as JSON", shows: ["reason", "path"] },
  InvalidLogEntry: { title: "The log entry cannot be kept", shows: ["reason"] },
  StateTooLarge: { title: "The input is too large", shows: ["maxBytes"] },
  Unauthenticated: { title: "A valid token is needed", showsMessage: true },
  KeysUnavailable: { title: "Tokens cannot be verified now; try again", shows: ["retryAfterMs"] },
  Forbidden: { title: "This is not allowed", showsMessage: true },
  GameExists: { title: "Another game has this id, or began with this write id", shows: ["gameId"] },
  GameNotFound: { title: "There is no such game" },
  RevisionConflict: { title: "Another write came first", shows: ["expected", "actual"] },
  NotYourTurn: { title: "It is not your turn" },
  GameEnded: { title: "The game is over" },
  GameGone: { title: "The game was deleted" },
  IllegalAction: { title: "The rules refuse this action now", shows: ["reason"], showsMessage: true },
  GameQuarantined: { title: "The game is quarantined; an operator decides" },
  RateLimited: { title: "Too many requests", shows: ["retryAfterMs"] },
  Backpressure: { title: "Too much is waiting to be saved; try again", shows: ["what", "retryAfterMs"] },
  StoreUnavailable: { title: "The database does not answer; try again", shows: ["fate"] },
  CacheUnavailable: { title: "The cache does not answer; try again", shows: ["fate"] },
  Aborted: { title: "The request was given up; try again", shows: ["fate"] },
  NotRunning: { title: "The server is shutting down or starting; try again" },
  GameOrphaned: { title: "The game cannot be saved now; an operator is informed" },
  UnsupportedSchema: { title: "This server cannot read the game; try another one" },
  UnsupportedRules: { title: "This server does not play the game's rules; try another one" },
  Misconfigured: { title: "The server is not set up well" },
};

/**
 * The problem that a client gets. An error that was not thrown on purpose becomes `InternalError` with nothing but the
 * request's id.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = isTurnkeepError(error) || isHttpError(error) ? error : null;
  // Another copy of the kernel may know a code that this one does not.
  const code = known === null ? "InternalError" : clientCodeOf(known);
  const kind: Kind | undefined = code === "InternalError" ? undefined : kinds[code];
  if (known === null || code === "InternalError" || kind === undefined) {
    return problem("InternalError", "Something went wrong", requestId);
  }
  const { title, shows = [], showsMessage = false } = kind;
  const details: Readonly<Record<string, unknown>> = { ...known.details };
  const shown = shows.flatMap((name) => (name in details ? [[name, details[name]]] : []));
  return {
    ...problem(code, title, requestId, Object.fromEntries(shown)),
    ...(showsMessage ? { detail: known.message } : {}),
  };
}

/** What is wrong with a game's own document is no fault of the client's input: another server may be able to read it. */
function clientCodeOf({ code, details }: { code: ErrorCode | HttpErrorCode; details: object }) {
  return "gameId" in details && (code === "InvalidState" || code === "StateTooLarge") ? "UnsupportedSchema" : code;
}

/** A problem of the transport that no code of the taxonomy names, such as an unknown path. */
export function transportProblem(status: number, title: string, requestId: string): Problem {
  return { ...problem(status === 404 ? "NotFound" : "BadRequest", title, requestId), status };
}

/** For a request that comes while the server has too much to do. */
export function overloadedProblem(retryAfterMs: number, requestId: string): Problem {
  return problem("Overloaded", "The server has too much to do; try again", requestId, { retryAfterMs });
}

function problem(
  code: ProblemCode,
  title: string,
  requestId: string,
  details: Readonly<Record<string, unknown>> = {},
): Problem {
  const type = `urn:turnkeep:${code}`;
  return { type, title, status: statusOf(code), code, detail: title, details, instance: requestId };
}

/** Seconds after which a refused client may try again; `null` where that changes nothing. */
export function retryAfterSeconds({ status, details }: Problem): number | null {
  const { retryAfterMs } = details;
  if (typeof retryAfterMs === "number") return Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return status === 503 ? 1 : null;
}
