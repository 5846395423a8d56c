import Fastify, { type FastifyInstance } from "fastify";
import type { TaskStatus } from "./task-runner.js";

/** What the health endpoints tell. */
export interface HealthSource {
  /** True once the first recovery is done, until shutdown begins. */
  ready(): boolean;
  leaseHeld(): boolean;
  tasks(): readonly TaskStatus[];
  pingStore(signal: AbortSignal): Promise<void>;
  pingCache(signal: AbortSignal): Promise<void>;
}

const pingTimeoutMs = 2_000;

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

/**
 * `/livez` says 200 while the process can answer; `/readyz` says 200 once live games are recovered and while both
 * stores answer, else 503. Neither says anything of a game.
 */
export function healthServer(source: HealthSource): FastifyInstance {
  const server = Fastify({ logger: false });
  server.get("/livez", async () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const [store, cache] = await Promise.all([
      answers((signal) => source.pingStore(signal)),
      answers((signal) => source.pingCache(signal)),
    ]);
    const ready = source.ready() && store && cache;
    return reply.status(ready ? 200 : 503).send({
      status: ready ? "ready" : "notReady",
      recovered: source.ready(),
      store: store ? "up" : "down",
      cache: cache ? "up" : "down",
      lease: source.leaseHeld() ? "held" : "standby",
      tasks: source.tasks(),
    });
  });
  return server;
}
