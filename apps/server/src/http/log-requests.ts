import type { FastifyInstance } from "fastify";

/** One line a request: which route, never the URL with its query, no headers, no bodies. */
export function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const tookMs = Math.round(reply.elapsedTime);
    const level = reply.statusCode >= 400 ? "info" : "debug";
    request.log[level]({ method, route: routeOptions.url, status: reply.statusCode, tookMs }, "request answered");
  });
}
