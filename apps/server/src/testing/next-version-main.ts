import { once } from "node:events";
import { systemRuntime } from "@turnkeep/core";
import { composeStores, createLogger, stopSignals } from "@turnkeep/service-kit";
import { chooseAccess } from "../auth/access.js";
import { readConfig } from "../config.js";
import { serve } from "../serve.js";
import { nextVersionGame } from "./next-version-game.js";

/** The server of a later release, whose games have a newer schema version. */
const config = readConfig();
const logger = createLogger(config.logLevel);
const signal = stopSignals();
const stores = composeStores(config, { applicationName: "turnkeep-server", logger, runtime: systemRuntime });
const access = await chooseAccess(config, systemRuntime, logger);
const page = new URL("../../public/", import.meta.url);
const server = await serve({ served: nextVersionGame, ...stores, access, config, logger, page });
logger.info({ address: server.address }, "the later server is ready");
if (!signal.aborted) await once(signal, "abort");
await server.stop();
process.exit(0);
