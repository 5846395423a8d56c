#!/usr/bin/env node
import { logError, stopSignals } from "@turnkeep/service-kit";
import { pino } from "pino";
import { type BotsConfig, readBotsConfig } from "./bots/config.js";
import { playMatches } from "./bots/play-matches.js";

/** Two bots, clients like any others, so that there is something to watch. Exit statuses: 0 stopped, 2 configured in a wrong way. */
async function main(): Promise<number> {
  let config: BotsConfig;
  try {
    config = readBotsConfig();
  } catch (error) {
    process.stderr.write(`the settings are not sound:\n${error instanceof Error ? error.message : "unknown"}\n`);
    return 2;
  }
  const logger = pino({ serializers: { err: logError } });
  await playMatches(config, logger, stopSignals());
  return 0;
}

process.exit(await main());
