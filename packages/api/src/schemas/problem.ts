import * as z from "zod";

/** The HTTP status of each kind of problem. A code never changes its meaning. */
const statuses = {
  BadRequest: 400,
  InvalidGameId: 400,
  InvalidInput: 400,
  InvalidState: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  GameNotFound: 404,
  NotFound: 404,
  GameEnded: 409,
  GameExists: 409,
  NotYourTurn: 409,
  RevisionConflict: 409,
  GameGone: 410,
  StateTooLarge: 413,
  IllegalAction: 422,
  InvalidLogEntry: 500,
  GameQuarantined: 423,
  RateLimited: 429,
  InternalError: 500,
  Misconfigured: 500,
  Aborted: 503,
  Backpressure: 503,
  CacheUnavailable: 503,
  GameOrphaned: 503,
  KeysUnavailable: 503,
  NotRunning: 503,
  Overloaded: 503,
  StoreUnavailable: 503,
  UnsupportedSchema: 503,
  UnsupportedRules: 503,
} as const;

export type ProblemCode = keyof typeof statuses;

/** Every code of a problem. */
export const problemCodes = Object.keys(statuses) as readonly ProblemCode[];

/** The HTTP status that a problem with this code has. */
export const statusOf = (code: ProblemCode): number => statuses[code];

/** How an error leaves the server: the body of an `application/problem+json` answer, and part of a socket's error. */
export const problemSchema = z
  .object({
    /** Names the kind of problem: `urn:turnkeep:` and the code. */
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
