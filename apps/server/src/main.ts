#!/usr/bin/env node
import { once } from "node:events";
import { type Runtime, systemRuntime } from "@turnkeep/core";
import {
  composeStores,
  createLogger,
  endStatus,
  finishesWithin,
  runProgram,
  stopSignals,
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
async function run(): Promise<number> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const runtime = systemRuntime;
  const signal = stopSignals();
  warnOfMisspelt(logger, readMisspelt());
  try {
    const server = await start(config, logger, runtime);
    if (!signal.aborted) await once(signal, "abort");
    logger.info("stopping");
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
  const access = await chooseAccess(config, runtime);
  const server = await serve({ served: servedCardGame, cache, store, access, config, logger, page, runtime });
  if (access.demo !== null) {
    logger.warn("demo mode: anyone can get a token; set JWT_SECRET or JWT_JWKS_URL for anything else");
  }
  if (server.metricsAddress !== null)
    logger.info({ metrics: `${server.metricsAddress}/metrics` }, "metrics are served");
  logger.info({ address: server.address }, `the server is ready at ${server.address}`);
  return server;
}

process.exit(await runProgram(parseCommand(process.argv.slice(2)), run));
