import type { Runtime } from "@turnkeep/core";
import { type PingedStores, pingStores } from "@turnkeep/service-kit";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import * as z from "zod";

/** What the health endpoints ask. */
export interface HealthSource extends PingedStores {
  /** False from the moment when shutdown begins. */
  accepting(): boolean;
}

const upOrDown = z.enum(["up", "down"]);
const readinessSchema = z
  .object({ status: z.enum(["ready", "notReady", "shuttingDown"]), store: upOrDown, cache: upOrDown })
  .meta({ id: "Readiness" });

/** `/livez`: the process answers. `/readyz`: it takes games, for both stores answer; else 503. */
export const healthRoutes: FastifyPluginAsyncZod<{ health: HealthSource; runtime: Runtime }> = async (
  app,
  { health, runtime },
) => {
  const config = { rateLimit: false as const };
  // These two nobody limits: however many ask at once, the stores are asked once.
  let asked: ReturnType<typeof pingStores> | null = null;
  const ask = () => {
    asked ??= pingStores(health, runtime).finally(() => {
      asked = null;
    });
    return asked;
  };

  const tags = ["health"];
  const livez = {
    tags,
    operationId: "livez",
    summary: "The process answers",
    response: { 200: z.object({ status: z.literal("ok") }) },
  };
  app.get("/livez", { config, schema: livez }, async () => ({ status: "ok" as const }));

  const readyz = {
    tags,
    operationId: "readyz",
    summary: "It takes games: both stores answer, and it is not shutting down",
    response: { 200: readinessSchema, 503: readinessSchema },
  };
  app.get("/readyz", { config, schema: readyz }, async (_request, reply) => {
    const { store, cache } = await ask();
    const accepting = health.accepting();
    const ready = accepting && store === "up" && cache === "up";
    return reply.status(ready ? 200 : 503).send({
      status: ready ? "ready" : accepting ? "notReady" : "shuttingDown",
      store,
      cache,
    });
  });
};
