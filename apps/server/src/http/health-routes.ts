import { type PingedStores, pingStores } from "@turnkeep/app-kit";
import type { FastifyPluginAsync } from "fastify";

/** What the health endpoints ask. */
export interface HealthSource extends PingedStores {
  /** False from the moment when shutdown begins. */
  accepting(): boolean;
}

/** `/livez`: the process answers. `/readyz`: it takes games, for both stores answer; else 503. */
export const healthRoutes: FastifyPluginAsync<{ health: HealthSource }> = async (app, { health }) => {
  const config = { rateLimit: false as const };
  // These two nobody limits: however many ask at once, the stores are asked once.
  let asked: ReturnType<typeof pingStores> | null = null;
  const ask = () => {
    asked ??= pingStores(health).finally(() => {
      asked = null;
    });
    return asked;
  };

  app.get("/livez", { config }, async () => ({ status: "ok" }));

  app.get("/readyz", { config }, async (_request, reply) => {
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
