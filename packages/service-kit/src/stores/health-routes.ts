import type { Runtime } from "@turnkeep/core";
import type { FastifyInstance, RouteShorthandOptions } from "fastify";
import { type PingedStores, pingStores, type StoresHealth } from "./ping-stores.js";

/** What the health endpoints ask. */
export interface HealthSource extends PingedStores {
  /** What the program itself says, whatever its stores do. */
  state(): "ready" | "notReady" | "shuttingDown";
}

export interface HealthRoutes {
  readonly source: HealthSource;
  readonly runtime: Pick<Runtime, "schedule">;
  /** What `/readyz` shows besides. */
  readonly more?: () => object;
  readonly livez?: RouteShorthandOptions;
  readonly readyz?: RouteShorthandOptions;
}

/**
 * `/livez`: 200 while the process answers. `/readyz`: 200 while the program is ready and both stores answer, else 503.
 * Neither says anything about a game. However many ask at once, the stores are asked once.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  { source, runtime, more = () => ({}), livez = {}, readyz = {} }: HealthRoutes,
): void {
  let asked: Promise<StoresHealth> | null = null;
  const ask = () => {
    asked ??= pingStores(source, runtime).finally(() => {
      asked = null;
    });
    return asked;
  };
  app.get("/livez", livez, async () => ({ status: "ok" }));
  app.get("/readyz", readyz, async (_request, reply) => {
    const stores = await ask();
    const state = source.state();
    const status = state === "ready" && (stores.store === "down" || stores.cache === "down") ? "notReady" : state;
    return reply.status(status === "ready" ? 200 : 503).send({ status, ...stores, ...more() });
  });
}
