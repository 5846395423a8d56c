import { once } from "node:events";
import { type Runtime, systemRuntime } from "@turnkeep/core";
import {
  beforeStop,
  composeStores,
  createLogger,
  endStatus,
  finishesWithin,
  runProgram,
  warnOfMisspelt,
} from "@turnkeep/service-kit";
import type { Logger } from "pino";
import { chooseAccess } from "./auth/access.js";
import { parseCommand } from "./command-line.js";
import { type Config, readConfig, readMisspelt } from "./config.js";
import { servedCardGame } from "./games/served/served-card-game.js";
import { type RunningGameServer, serve } from "./serve.js";

const page = new URL("../dist/page/", import.meta.url);

/** Exit statuses: 0 stopped in order, 1 something failed, 2 wrong call, wrong settings, or a store that must be set up otherwise. */
async function run(signal: AbortSignal): Promise<number> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const runtime = systemRuntime;
  warnOfMisspelt(logger, readMisspelt());
  try {
    const server = await beforeStop(start(config, logger, runtime), signal);
    if (server === null) {
      logger.info("stopped while starting");
      return 0;
    }
    if (!signal.aborted) await once(signal, "abort");
    logger.info({ announcedMs: config.stopAnnouncedMs }, "stopping");
    await server.announceStop(config.stopAnnouncedMs);
    // What is not flushed within the grace time, another server or the daemon flushes.
    const inTime = await finishesWithin(runtime, server.stop(), config.shutdownGraceMs);
    if (inTime) logger.info("stopped");
    else logger.error({ graceMs: config.shutdownGraceMs }, "stopping took too long and was given up");
    return inTime ? 0 : 1;
  } catch (error) {
    return endStatus(logger, "server", error);
  }
}

async function start(config: Config, logger: Logger, runtime: Runtime): Promise<RunningGameServer> {
  const { cache, store } = composeStores(config, { applicationName: "turnkeep-server", logger, runtime });
  const access = await chooseAccess(config, runtime, logger);
  const server = await serve({ served: servedCardGame, cache, store, access, config, logger, page, runtime });
  if (access.demo !== null) {
    logger.warn("demo mode: anyone can get a token; set JWT_SECRET or JWT_JWKS_URL for anything else");
  }
  if (server.metricsAddress !== null)
    logger.info({ metrics: `${server.metricsAddress}/metrics` }, "metrics are served");
  logger.info({ address: server.address }, `the server is ready at ${server.address}`);
  return server;
}

/** The program: its exit status. It stops once the signal fires. */
export const runServer = (args: readonly string[], signal: AbortSignal): Promise<number> =>
  runProgram(parseCommand(args), () => run(signal));
