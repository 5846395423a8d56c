import type { Problem } from "./schemas/index.js";

/** The server's answer is a problem. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    /** A `ProblemCode`, or `""` where something between client and server answered. */
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** No answer came: the server, or the way to it, is away. What was asked may or may not be done. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** A refusal from the body of an answer, whatever that is. */
export function refusalOf(status: number, body: unknown): Refusal {
  const { code, detail, title, details }: Partial<Problem> = typeof body === "object" && body !== null ? body : {};
  return new Refusal(status, code ?? "", detail ?? title ?? `the server answered with status ${status}`, details);
}

/**
 * True if the same request would be answered in the same way again. False for a missing answer, for too many requests,
 * and for what a server could not do now: a write may then be done or not, so it is sent again with its write id.
 */
export function isFinal(error: unknown): boolean {
  if (error instanceof Unanswered) return false;
  return !(error instanceof Refusal) || !isPassing(error.status);
}

/** True for the status of a problem that may be gone at the next attempt. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;
