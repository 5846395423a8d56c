#!/usr/bin/env node
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { isTurnkeepError } from "@turnkeep/core";
import { createRedisCache } from "@turnkeep/redis-cache";
import { ConfigError, logError, stopSignals } from "@turnkeep/service-kit";
import { createSqlStore } from "@turnkeep/sql-store";
import { pino } from "pino";
import { chooseAccess } from "./auth/access.js";
import { parseWish } from "./command-line.js";
import { type Config, readConfig } from "./config.js";
import { servedCardGame } from "./games/served/served-card-game.js";
import { type RunningGameServer, serve } from "./serve.js";

const page = new URL("../dist/page/", import.meta.url);

/** Exit statuses: 0 stopped in order, 1 something failed, 2 called or configured in a wrong way. */
async function main(rawArgs: readonly string[]): Promise<number> {
  const wish = parseWish(rawArgs);
  if (wish.kind === "print") process.stdout.write(wish.text);
  if (wish.kind === "refuse") process.stderr.write(wish.text);
  if (wish.kind !== "serve") return wish.kind === "print" ? 0 : 2;
  try {
    return await run(readConfig());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`the settings are not sound:\n${error.message}\nsee --help\n`);
    return 2;
  }
}

async function run(config: Config): Promise<number> {
  const logger = pino({ level: config.logLevel, serializers: { err: logError } });
  const signal = stopSignals();
  try {
    const server = await start(config, logger);
    if (!signal.aborted) await once(signal, "abort");
    logger.info("stopping");
    return await stop(server, config.shutdownGraceMs, logger);
  } catch (error) {
    const explains = isTurnkeepError(error, "Misconfigured");
    logger.fatal({ err: error }, explains ? error.message : "the server failed");
    return 1;
  }
}

async function start(config: Config, logger: pino.Logger): Promise<RunningGameServer> {
  const cache = createRedisCache({ url: config.redisUrl, keyPrefix: config.redisKeyPrefix });
  const store = createSqlStore({
    url: config.databaseUrl,
    schema: config.databaseSchema,
    poolSize: config.databasePoolSize,
  });
  if (config.migrateOnStart) await store.migrate();
  const access = await chooseAccess(config);
  const server = await serve({ served: servedCardGame, cache, store, access, config, logger, page });
  if (access.demo !== null) {
    logger.warn("demo mode: whoever asks gets a token; set JWT_SECRET or JWT_JWKS_URL for anything else");
  }
  if (server.metricsAddress !== null)
    logger.info({ metrics: `${server.metricsAddress}/metrics` }, "metrics are served");
  logger.info({ address: server.address }, `the server is ready at ${server.address}`);
  return server;
}

/** True order within the grace time; what is not flushed by then, another server or the daemon flushes. */
async function stop(server: RunningGameServer, graceMs: number, logger: pino.Logger): Promise<number> {
  const late = delay(graceMs, "late" as const, { ref: false });
  const outcome = await Promise.race([server.stop(), late]);
  if (outcome === "late") logger.error({ graceMs }, "stopping took too long and was given up");
  else logger.info("stopped");
  return outcome === "late" ? 1 : 0;
}

process.exit(await main(process.argv.slice(2)));
