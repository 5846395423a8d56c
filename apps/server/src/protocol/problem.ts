import { type ErrorCode, type ErrorDetails, isTurnkeepError, type TurnkeepError } from "@turnkeep/core";
import * as z from "zod";

interface Kind {
  readonly status: number;
  readonly title: string;
  /** Which details a client may see. */
  readonly shows?: readonly string[];
  /** The message is written for clients; otherwise the title stands for it. */
  readonly tellsMessage?: true;
}

/** Every error of the taxonomy, as clients see it. A code that is missing here does not compile. */
const kinds: Readonly<Record<ErrorCode, Kind>> = {
  InvalidGameId: { status: 400, title: "The game id is not a lower-case UUID", tellsMessage: true },
  InvalidInput: { status: 400, title: "The input is not sound", shows: ["issues"], tellsMessage: true },
  InvalidState: { status: 400, title: "The input cannot be kept as JSON", shows: ["reason", "path"] },
  StateTooLarge: { status: 413, title: "The input is too large", shows: ["maxBytes"] },
  Unauthenticated: { status: 401, title: "A valid token is needed", tellsMessage: true },
  Forbidden: { status: 403, title: "This is not allowed", tellsMessage: true },
  GameNotFound: { status: 404, title: "There is no such game" },
  RevisionConflict: { status: 409, title: "Somebody else wrote first", shows: ["expected", "actual"] },
  NotYourTurn: { status: 409, title: "It is not your turn" },
  GameEnded: { status: 409, title: "The game is over" },
  GameGone: { status: 410, title: "The game was deleted" },
  IllegalAction: { status: 422, title: "The rules refuse this action now", shows: ["reason"], tellsMessage: true },
  GameQuarantined: { status: 423, title: "The game was set aside; an operator decides" },
  RateLimited: { status: 429, title: "Too many requests", shows: ["retryAfterMs"] },
  Backpressure: { status: 503, title: "Too much is waiting to be saved; try again", shows: ["what", "retryAfterMs"] },
  StoreUnavailable: { status: 503, title: "The database does not answer; try again", shows: ["fate"] },
  CacheUnavailable: { status: 503, title: "The cache does not answer; try again", shows: ["fate"] },
  Aborted: { status: 503, title: "The request was given up; try again", shows: ["fate"] },
  NotRunning: { status: 503, title: "The server is shutting down or starting; try again" },
  GameOrphaned: { status: 503, title: "The game cannot be saved now; an operator has been told" },
  UnsupportedSchema: { status: 503, title: "The game was written by a newer server; try another one" },
  Misconfigured: { status: 500, title: "The server is not set up well" },
};

/** Problems that are none of the taxonomy. */
const transportKinds = {
  BadRequest: { status: 400, title: "The request is not sound" },
  NotFound: { status: 404, title: "Nothing is here" },
  Overloaded: { status: 503, title: "The server has too much to do; try again" },
  InternalError: { status: 500, title: "Something went wrong" },
} as const satisfies Readonly<Record<string, Kind>>;

export type ProblemCode = ErrorCode | keyof typeof transportKinds;

/** All codes there are, and will go on to mean what they mean. */
export const problemCodes = Object.keys({ ...kinds, ...transportKinds }) as readonly ProblemCode[];

/** The status that a code is answered with. */
export function statusOf(code: ProblemCode): number {
  return { ...kinds, ...transportKinds }[code].status;
}

/** How an error leaves the server: the body of an `application/problem+json` answer, and part of a socket's error. */
export const problemSchema = z
  .object({
    /** Names the kind of problem; equals `code`. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    /** What the code carries, such as both versions of a conflict. */
    details: z.record(z.string(), z.unknown()),
    /** The request's id, by which operators find it in the logs. */
    instance: z.string(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;

/**
 * The problem that a client is told. An error that was not thrown on purpose becomes `InternalError` with nothing but
 * the request's id.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const kind = isTurnkeepError(error) ? kinds[error.code] : undefined;
  if (!isTurnkeepError(error) || kind === undefined) {
    const { status, title } = transportKinds.InternalError;
    return problem("InternalError", status, title, undefined, {}, requestId);
  }
  const { status, title } = kind;
  return problem(error.code, status, title, kind.tellsMessage && error.message, shown(error, kind), requestId);
}

/** A problem of the transport that no code of the taxonomy names, such as an unknown path. */
export function transportProblem(status: number, title: string, requestId: string): Problem {
  return problem(status === 404 ? "NotFound" : "BadRequest", status, title, undefined, {}, requestId);
}

function shown(error: TurnkeepError, kind: Kind): Record<string, unknown> {
  const details: Partial<Record<string, unknown>> = error.details;
  return Object.fromEntries((kind.shows ?? []).flatMap((name) => (name in details ? [[name, details[name]]] : [])));
}

function problem(
  code: ProblemCode,
  status: number,
  title: string,
  detail: string | undefined,
  details: Record<string, unknown>,
  requestId: string,
): Problem {
  return { type: `urn:turnkeep:${code}`, title, status, code, detail: detail ?? title, details, instance: requestId };
}

/** For who comes while too much is going on already. */
export function overloadedProblem(retryAfterMs: number, requestId: string): Problem {
  const { status, title } = transportKinds.Overloaded;
  return problem("Overloaded", status, title, undefined, { retryAfterMs }, requestId);
}

/** Seconds after which a refused client may try again; `null` where that changes nothing. */
export function retryAfterSeconds({ status, details }: Problem): number | null {
  const { retryAfterMs } = details as Partial<ErrorDetails["RateLimited"]>;
  if (typeof retryAfterMs === "number") return Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return status === 503 ? 1 : null;
}
