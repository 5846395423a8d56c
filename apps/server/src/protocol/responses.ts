import { type ProblemCode, problemSchema, statusOf } from "@turnkeep/api/schemas";
import type * as z from "zod";

/** What any request may be answered with. */
const always: readonly ProblemCode[] = [
  "InvalidInput",
  "RateLimited",
  "InternalError",
  "CacheUnavailable",
  "KeysUnavailable",
];

/**
 * The answers of a route, for its schema: what it gives when all is well, and a problem for each status that the codes
 * have, beside those that any request may be answered with.
 */
export function answers<T extends Record<number, z.ZodType>>(well: T, ...codes: readonly ProblemCode[]): T {
  const problems: Record<number, { description: string; content: object }> = {};
  for (const code of [...always, ...codes]) {
    const status = statusOf(code);
    const description = [problems[status]?.description, `\`${code}\``].filter(Boolean).join(", ");
    problems[status] = { description, content: { "application/problem+json": { schema: problemSchema } } };
  }
  return { ...problems, ...well };
}

/** Every write to a game may be answered with these. */
export const writeProblems = [
  "Unauthenticated",
  "Forbidden",
  "InvalidGameId",
  "InvalidState",
  "GameNotFound",
  "GameGone",
  "RevisionConflict",
  "GameEnded",
  "NotYourTurn",
  "IllegalAction",
  "GameQuarantined",
  "StateTooLarge",
  "Backpressure",
] as const satisfies readonly ProblemCode[];
