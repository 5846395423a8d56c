import type { FastifyPluginAsync } from "fastify";

/** What the health endpoints ask. */
export interface HealthSource {
  /** False from the moment when shutdown begins. */
  accepting(): boolean;
  pingStore(signal: AbortSignal): Promise<void>;
  pingCache(signal: AbortSignal): Promise<void>;
}

const pingTimeoutMs = 2_000;

/** `/livez`: the process answers. `/readyz`: it takes games, for both stores answer; else 503. */
export const healthRoutes: FastifyPluginAsync<{ health: HealthSource }> = async (app, { health }) => {
  const config = { rateLimit: false as const };

  app.get("/livez", { config }, async () => ({ status: "ok" }));

  app.get("/readyz", { config }, async (_request, reply) => {
    const [store, cache] = await Promise.all([
      answers((signal) => health.pingStore(signal)),
      answers((signal) => health.pingCache(signal)),
    ]);
    const accepting = health.accepting();
    const ready = accepting && store && cache;
    return reply.status(ready ? 200 : 503).send({
      status: ready ? "ready" : accepting ? "notReady" : "shuttingDown",
      store: store ? "up" : "down",
      cache: cache ? "up" : "down",
    });
  });
};

/** Never rejects, and never waits longer than the timeout, whatever becomes of the ping. */
async function answers(ping: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  const signal = AbortSignal.timeout(pingTimeoutMs);
  const late = new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(false)));
  const asked = ping(signal).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}
