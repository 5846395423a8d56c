import type { FastifyInstance, FastifyRequest } from "fastify";
import { costOf, type RequestLimits } from "../../limits/request-limits.js";
import { callerIdOf } from "./caller.js";

const isHealth = (request: FastifyRequest) => request.routeOptions.config?.rateLimit === false;

declare module "fastify" {
  interface FastifyContextConfig {
    /** `false`: nobody is kept from asking, as for health. */
    rateLimit?: false;
  }
}

/** Counts every request, also of what is not there, but for the health endpoints: its address, then who calls. */
export function limitRates(app: FastifyInstance, limits: RequestLimits, identify: () => void): void {
  app.addHook("onRequest", async (request) => {
    if (!isHealth(request)) limits.countAddress(request.ip);
  });
  identify();
  app.addHook("onRequest", async (request) => {
    if (!isHealth(request)) limits.countCaller({ ip: request.ip, playerId: callerIdOf(request) });
  });
}

/** A long body counts as further requests. @throws RateLimited */
export function countBody(limits: RequestLimits, request: FastifyRequest, bytes: number): void {
  const further = costOf(bytes) - 1;
  if (further > 0) limits.count({ ip: request.ip, playerId: callerIdOf(request) }, further);
}
