import type { Runtime } from "@turnkeep/core";
import type { TaskStatus } from "@turnkeep/daemon";
import { addHealthRoutes, type HealthSource } from "@turnkeep/service-kit";
import Fastify, { type FastifyInstance } from "fastify";

/** What the health endpoints and the metrics report; ready once the first recovery is done. */
export interface DaemonHealth extends HealthSource {
  leaseHeld(): boolean;
  tasks(): readonly TaskStatus[];
}

/** `/livez` and `/readyz` of the daemon; a standby is ready, too. */
export function healthServer(source: DaemonHealth, runtime: Pick<Runtime, "schedule">): FastifyInstance {
  const server = Fastify({ logger: false });
  const more = () => ({ lease: source.leaseHeld() ? "held" : "standby", tasks: source.tasks() });
  addHealthRoutes(server, { source, runtime, more });
  return server;
}
