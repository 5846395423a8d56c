import type { Runtime } from "@turnkeep/core";
import { addHealthRoutes, type HealthSource } from "@turnkeep/service-kit";
import type { FastifyPluginAsync } from "fastify";
import * as z from "zod";

const upOrDown = z.enum(["up", "down"]);
const readinessSchema = z
  .object({ status: z.enum(["ready", "notReady", "shuttingDown"]), store: upOrDown, cache: upOrDown })
  .meta({ id: "Readiness" });

/** The health endpoints as the API describes them; requests for them are not limited. */
export const healthRoutes: FastifyPluginAsync<{ health: HealthSource; runtime: Runtime }> = async (
  app,
  { health, runtime },
) => {
  const config = { rateLimit: false as const };
  const tags = ["health"];
  const livez = {
    tags,
    operationId: "livez",
    summary: "The process answers",
    response: { 200: z.object({ status: z.literal("ok") }) },
  };
  const readyz = {
    tags,
    operationId: "readyz",
    summary: "It takes games: both stores answer, and it is not shutting down",
    response: { 200: readinessSchema, 503: readinessSchema },
  };
  addHealthRoutes(app, {
    source: health,
    runtime,
    livez: { config, schema: livez },
    readyz: { config, schema: readyz },
  });
};
