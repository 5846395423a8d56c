import type { Runtime } from "@turnkeep/core";
import { type PingedStores, pingStores } from "@turnkeep/service-kit";
import Fastify, { type FastifyInstance } from "fastify";
import type { TaskStatus } from "../run/task-runner.js";

/** What the health endpoints report. */
export interface HealthSource extends PingedStores {
  /** True once the first recovery is done, until shutdown begins. */
  ready(): boolean;
  leaseHeld(): boolean;
  tasks(): readonly TaskStatus[];
}

/**
 * `/livez` says 200 while the process can answer; `/readyz` says 200 once live games are recovered and while both
 * stores answer, else 503. Neither says anything about a game.
 */
export function healthServer(source: HealthSource, runtime: Pick<Runtime, "schedule">): FastifyInstance {
  const server = Fastify({ logger: false });
  server.get("/livez", async () => ({ status: "ok" }));
  server.get("/readyz", async (_request, reply) => {
    const { store, cache } = await pingStores(source, runtime);
    const ready = source.ready() && store === "up" && cache === "up";
    return reply.status(ready ? 200 : 503).send({
      status: ready ? "ready" : "notReady",
      recovered: source.ready(),
      store,
      cache,
      lease: source.leaseHeld() ? "held" : "standby",
      tasks: source.tasks(),
    });
  });
  return server;
}
