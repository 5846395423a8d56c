import { type Runtime, sleep, systemRuntime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { type PooledStore, repeat, sampleQuarantined, serveMetrics, showPool } from "@turnkeep/service-kit";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { Access } from "./auth/access.js";
import { type Config, type ManagerConfig, managerConfig } from "./config.js";
import { createGameService } from "./games/create-game-service.js";
import type { ServedGame } from "./games/served/served-game.js";
import { watchDeadlines } from "./games/watch/deadline-watch.js";
import { GameWatches } from "./games/watch/game-watches.js";
import { LiveGames } from "./games/watch/live-games.js";
import { type AppConfig, buildApp } from "./http/app.js";
import { ServerMetrics } from "./metrics/server-metrics.js";
import { type TracedConfig, tracingOf } from "./metrics/tracing.js";

export interface ServeParts<State extends object, Action> {
  readonly served: ServedGame<State, Action>;
  readonly cache: Cache;
  readonly store: Store & PooledStore;
  readonly access: Access;
  readonly config: AppConfig &
    ManagerConfig &
    TracedConfig &
    Pick<
      Config,
      "host" | "port" | "metricsHost" | "metricsPort" | "enforceDeadlines" | "deadlinesEveryMs" | "maxOpenGames"
    >;
  readonly logger: FastifyBaseLogger;
  /** @default systemRuntime */
  readonly runtime?: Runtime;
  /** The folder of the spectator page. */
  readonly page: URL;
}

/** A server that listens. */
export interface RunningGameServer<State extends object = object> {
  readonly app: FastifyInstance;
  readonly manager: GameStateManager<State>;
  /** Such as `http://127.0.0.1:3000`. */
  readonly address: string;
  /** Where its metrics are; `null` if they are not served. */
  readonly metricsAddress: string | null;
  /** Says that it is no longer ready, and serves on for so many ms: balancers learn of it before it stops. */
  announceStop(forMs: number): Promise<void>;
  /**
   * Says that it is no longer ready, takes nothing new, finishes what is under way, closes sockets with 1001, flushes
   * what it wrote and closes what it opened. Safe to call twice.
   */
  stop(): Promise<void>;
}

const closeIdleEveryMs = 50;

/**
 * Starts the manager and listens. What was opened is closed again where that fails.
 * @throws Misconfigured, StoreUnavailable, CacheUnavailable, and what listening throws
 */
export async function serve<State extends object, Action>(
  parts: ServeParts<State, Action>,
): Promise<RunningGameServer<State>> {
  const { served, cache, store, logger, config, runtime = systemRuntime } = parts;
  const manager = createGameStateManager({
    ...managerConfig(config),
    game: served.game,
    cache,
    store,
    logger,
    runtime,
    tracing: tracingOf(config),
    runServiceClock: true,
  });
  await manager.start();
  let opened: FastifyInstance | null = null;
  try {
    const metrics = new ServerMetrics(runtime);
    const stores = {
      pingStore: (signal: AbortSignal) => store.ping({ signal }),
      pingCache: (signal: AbortSignal) => cache.ping({ signal }),
    };
    metrics.countEvents(manager.events, stores);
    metrics.showKeys(parts.access);
    showPool(store, metrics.register);
    const service = metrics.countActions(
      createGameService(served, manager, {
        inviteKey: parts.access.inviteKey,
        maxOpenGames: config.maxOpenGames,
        runtime,
      }),
    );
    const watches = new GameWatches(served, manager, service, logger, runtime);
    const live = new LiveGames({
      service,
      runtime,
      listLive: (limit) => store.listIds("active", { after: null, limit }),
    });
    manager.events.on("state:created", ({ gameId }) => live.touch(gameId));
    manager.events.on("state:updated", ({ gameId }) => live.touch(gameId));
    manager.events.on("state:ended", ({ gameId }) => live.drop(gameId));
    let accepting = true;
    const health = {
      state: () => (accepting ? ("ready" as const) : ("shuttingDown" as const)),
      ...stores,
    };
    const app = await buildApp({
      ...parts,
      runtime,
      service,
      watches,
      live,
      health,
      metrics,
      described: served.described,
    });
    opened = app;
    const address = await app.listen({ host: config.host, port: config.port });
    const { metricsHost, metricsPort } = config;
    const metricsServer =
      metricsPort === undefined
        ? null
        : await serveMetrics(metrics.register, metricsHost, metricsPort, () => metrics.slowGames.list());
    const stopSampling = metricsServer === null ? () => undefined : sampleQuarantined(store, metrics.register, runtime);
    const stopDeadlines = config.enforceDeadlines
      ? watchDeadlines(served, manager, { everyMs: config.deadlinesEveryMs, logger, runtime })
      : async () => undefined;
    const stop = async () => {
      accepting = false;
      await closeApp(app, runtime);
      watches.close();
      stopSampling();
      await stopDeadlines();
      await manager.close();
      await metricsServer?.close();
    };
    let stopping: Promise<void> | undefined;
    const metricsAddress = metricsServer?.address ?? null;
    const announceStop = async (forMs: number) => {
      accepting = false;
      if (forMs > 0) await sleep(runtime, forMs);
    };
    return { app, manager, address, metricsAddress, announceStop, stop: () => (stopping ??= stop()) };
  } catch (error) {
    if (opened !== null) await closeApp(opened, runtime).catch(() => undefined);
    await manager.close().catch(() => undefined);
    throw error;
  }
}

/** A connection that is busy when closing begins is closed once it is idle, not only when its keep-alive runs out. */
async function closeApp(app: FastifyInstance, runtime: Runtime): Promise<void> {
  const stopSweep = repeat(runtime, closeIdleEveryMs, () => app.server.closeIdleConnections());
  try {
    await app.close();
  } finally {
    stopSweep();
  }
}
