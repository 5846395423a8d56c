import type { Problem } from "@turnkeep/api/schemas";
import { isTurnkeepError, TurnkeepError } from "@turnkeep/core";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { invalidInput } from "../../games/refusals.js";
import { isHttpError } from "../../protocol/http-error.js";
import { retryAfterSeconds, toProblem, transportProblem } from "../../protocol/problem.js";

/** Every error leaves as `application/problem+json`; what was not meant to fail leaves as an id, and goes to the log. */
export function addErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request, reply) => sendProblem(reply, transportProblem(404, "Nothing is here", request.id)));
}

/**
 * For requests that no route could be looked for, since their URL is not sound. No hook sees them, so that nobody else
 * would ever end the connection of an upgrade.
 */
export function refuseUnrouted(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.headers.upgrade !== undefined) reply.raw.once("finish", () => request.raw.socket.destroy());
  return answerProblem(error, request, reply);
}

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.status >= 500) request.log.error({ err: error }, "a request failed");
  return sendProblem(reply, problem);
}

function problemOf(error: unknown, request: FastifyRequest): Problem {
  // What the header asked for, the header's own status refuses.
  const unmet = isTurnkeepError(error, "RevisionConflict") && request.headers["if-match"] !== undefined;
  if (unmet) return { ...toProblem(error, request.id), status: 412 };
  if (isTurnkeepError(error) || isHttpError(error) || !(error instanceof Error)) return toProblem(error, request.id);
  const { validation, validationContext, statusCode, code } = error as FastifyError;
  if (validation !== undefined) {
    const where = validationContext ?? "request";
    const issues = validation.map(({ instancePath, message }) => {
      const path = instancePath.split("/").filter((step) => step !== "");
      return `${[where, ...path].join(".")}: ${message ?? "is not sound"}`;
    });
    return toProblem(invalidInput(...issues), request.id);
  }
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const bytes = Number(request.headers["content-length"] ?? 0);
    const maxBytes = request.routeOptions.bodyLimit ?? 0;
    return toProblem(new TurnkeepError("StateTooLarge", "the body is too large", { bytes, maxBytes }), request.id);
  }
  // Fastify's own refusals, such as of a media type or a content length.
  const isRefusal = code?.startsWith("FST_") && statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isRefusal ? transportProblem(statusCode, error.message, request.id) : toProblem(error, request.id);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const retryAfter = retryAfterSeconds(problem);
  if (retryAfter !== null) reply.header("retry-after", retryAfter);
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="turnkeep"');
  return reply
    .status(problem.status)
    .type("application/problem+json")
    .header("cache-control", "no-store")
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem);
}
