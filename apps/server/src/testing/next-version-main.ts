import { once } from "node:events";
import { createRedisCache } from "@turnkeep/redis-cache";
import { logError, stopSignals } from "@turnkeep/service-kit";
import { createSqlStore } from "@turnkeep/sql-store";
import { pino } from "pino";
import { chooseAccess } from "../auth/access.js";
import { readConfig } from "../config.js";
import { serve } from "../serve.js";
import { nextVersionGame } from "./next-version-game.js";

/** The server of a later release, whose games have a newer schema version. */
const config = readConfig();
const logger = pino({ level: config.logLevel, serializers: { err: logError } });
const signal = stopSignals();
const cache = createRedisCache({ url: config.redisUrl, keyPrefix: config.redisKeyPrefix });
const store = createSqlStore({ url: config.databaseUrl, schema: config.databaseSchema });
const access = await chooseAccess(config);
const page = new URL("../../public/", import.meta.url);
const server = await serve({ served: nextVersionGame, cache, store, access, config, logger, page });
logger.info({ address: server.address }, "the later server is ready");
if (!signal.aborted) await once(signal, "abort");
await server.stop();
process.exit(0);
