import underPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";
import { overloadedProblem } from "../../protocol/problem.js";
import { sendProblem } from "../problems/error-handler.js";

const retryAfterMs = 2_000;

/** Refuses new requests while the event loop is late by more than this on average; health is answered all the same. */
export async function shedLoad(app: FastifyInstance, maxEventLoopDelay: number): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay,
    sampleInterval: 500,
    pressureHandler: (request, reply) => {
      if (request.routeOptions.config.rateLimit === false) return;
      sendProblem(reply, overloadedProblem(retryAfterMs, request.id));
      return new Promise(() => undefined);
    },
  });
}
