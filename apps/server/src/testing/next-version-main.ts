import { once } from "node:events";
import { systemRuntime } from "@turnkeep/core";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createLogger, stopSignals } from "@turnkeep/service-kit";
import { createSqlStore } from "@turnkeep/sql-store";
import { chooseAccess } from "../auth/access.js";
import { readConfig } from "../config.js";
import { serve } from "../serve.js";
import { nextVersionGame } from "./next-version-game.js";

/** The server of a later release, whose games have a newer schema version. */
const config = readConfig();
const logger = createLogger(config.logLevel);
const signal = stopSignals();
const cache = createRedisCache({ url: config.redisUrl, keyPrefix: config.redisKeyPrefix });
const store = createSqlStore({ url: config.databaseUrl, schema: config.databaseSchema });
const access = await chooseAccess(config, systemRuntime);
const page = new URL("../../public/", import.meta.url);
const server = await serve({ served: nextVersionGame, cache, store, access, config, logger, page });
logger.info({ address: server.address }, "the later server is ready");
if (!signal.aborted) await once(signal, "abort");
await server.stop();
process.exit(0);
