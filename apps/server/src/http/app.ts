import type { Runtime } from "@turnkeep/core";
import type { HealthSource } from "@turnkeep/service-kit";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Access } from "../auth/access.js";
import type { Config } from "../config.js";
import type { GameService } from "../games/game-service.js";
import type { DescribedGame } from "../games/served/served-game.js";
import type { Watcher } from "../games/watch/game-watches.js";
import type { LiveGames } from "../games/watch/live-games.js";
import { NewGames } from "../limits/new-games.js";
import { RequestLimits } from "../limits/request-limits.js";
import type { ServerMetrics } from "../metrics/server-metrics.js";
import { addSocketRoute, addSockets } from "../socket/socket-routes.js";
import { addApiPage } from "./description/api-page.js";
import { addAsyncApi } from "./description/async-api.js";
import { addOpenApi } from "./description/open-api.js";
import { identifyCallers } from "./guards/caller.js";
import { boundConnections, ignoreOtherUpgrades } from "./guards/connections.js";
import { addCors } from "./guards/cors.js";
import { guardDemoHost } from "./guards/demo-host.js";
import { addHeaders } from "./guards/headers.js";
import { guardUpgrades } from "./guards/origin.js";
import { limitRates } from "./guards/rate-limits.js";
import { shedLoad } from "./guards/shed-load.js";
import { logRequests } from "./log-requests.js";
import { answerClientError } from "./problems/client-errors.js";
import { addErrorHandler, refuseUnrouted } from "./problems/error-handler.js";
import { demoRoutes } from "./routes/demo-routes.js";
import { gameRoutes } from "./routes/game-routes.js";
import { healthRoutes } from "./routes/health-routes.js";
import { listRoutes } from "./routes/list-routes.js";
import { pageRoutes } from "./routes/page-routes.js";
import { takeOnlyJson } from "./take-only-json.js";

export type AppConfig = Pick<
  Config,
  | "host"
  | "allowedOrigins"
  | "trustProxy"
  | "bodyLimitBytes"
  | "rateLimitPerMinute"
  | "addressRateLimitPerMinute"
  | "maxEventLoopDelayMs"
  | "newGamesPerHour"
  | "connectionsPerAddress"
  | "maxConnections"
  | "socketsPerPlayer"
  | "socketsPerAddress"
  | "socketWatchedGames"
  | "socketMessageLimitBytes"
  | "socketMessagesPerSecond"
  | "socketBufferLimitBytes"
  | "authenticateWithinMs"
  | "heartbeatEveryMs"
>;

export interface AppParts {
  readonly config: AppConfig;
  readonly access: Access;
  readonly service: GameService;
  readonly watches: { watch(gameId: string, watcher: Watcher): () => void };
  readonly live: LiveGames;
  readonly health: HealthSource;
  readonly metrics: ServerMetrics;
  /** Whose schemas the API's description shows. */
  readonly described?: DescribedGame | undefined;
  /** The folder of the spectator page. */
  readonly page: URL;
  readonly logger: FastifyBaseLogger;
  readonly runtime: Runtime;
}

/** The whole server, not yet listening. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { config, access, logger, runtime } = parts;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.bodyLimitBytes,
    // One hop: the client may have written everything before the own proxy's entry.
    trustProxy: config.trustProxy && ((_address, hop) => hop === 0),
    requestIdHeader: false,
    genReqId: () => runtime.randomId(),
    forceCloseConnections: "idle",
    requestTimeout: 30_000,
    // Of silence, also of a client that never reads its answer; an open socket has its heartbeat instead.
    connectionTimeout: 75_000,
    frameworkErrors: refuseUnrouted,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, runtime.randomId()),
  });
  // Before all other hooks: an upgrade that they refuse is ended by its own.
  const sessions = await addSockets(app, config, runtime);
  const bounds = { perAddress: config.trustProxy ? 0 : config.connectionsPerAddress, inAll: config.maxConnections };
  boundConnections(app, bounds, parts.metrics, runtime);
  ignoreOtherUpgrades(app);
  addErrorHandler(app);
  logRequests(app);
  parts.metrics.countRequests(app);
  parts.metrics.countSockets(sessions);
  if (access.demo !== null) guardDemoHost(app, config);
  guardUpgrades(app, config.allowedOrigins);
  await addHeaders(app);
  await addCors(app, config.allowedOrigins);
  if (config.maxEventLoopDelayMs > 0) await shedLoad(app, config.maxEventLoopDelayMs);
  const requestLimits = new RequestLimits(config, runtime);
  limitRates(app, requestLimits, () => identifyCallers(app, access));
  takeOnlyJson(app, requestLimits);
  addSocketRoute(app, sessions, {
    ...parts,
    limits: config,
    requestLimits,
    log: logger,
    closed: (code) => parts.metrics.socketClosed(code),
  });
  await addOpenApi(app, parts.described);
  addAsyncApi(app, parts.described);
  await addApiPage(app);
  await app.register(pageRoutes, { folder: parts.page });
  await app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    // What the server itself made is described by its schemas, and checked against them by tests alone.
    scope.setSerializerCompiler(() => JSON.stringify);
    const api = scope.withTypeProvider<ZodTypeProvider>();
    await api.register(healthRoutes, parts);
    await api.register(gameRoutes, { ...parts, newGames: new NewGames(config.newGamesPerHour, runtime) });
    await api.register(listRoutes, parts);
    if (access.demo !== null) await api.register(demoRoutes, { tokens: access.demo });
  });
  return app;
}
