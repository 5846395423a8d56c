#!/usr/bin/env node
import { stripVTControlCharacters } from "node:util";
import { isTurnkeepError } from "@turnkeep/core";
import { ConfigError, logError, stopSignals } from "@turnkeep/service-kit";
import { pino } from "pino";
import { helpText, parseWish, versionText } from "./command.js";
import { type Config, readConfig } from "./config.js";
import { runDaemon } from "./daemon.js";
import { allWell, runOnce, summaryTable } from "./once.js";
import { composeParts } from "./parts.js";

/** Exit statuses: 0 all went well, 1 something failed, 2 called in a wrong way. */
async function main(rawArgs: readonly string[]): Promise<number> {
  const wish = parseWish(rawArgs);
  if (wish.kind === "help") {
    const text = await helpText();
    process.stdout.write(process.stdout.isTTY ? text : stripVTControlCharacters(text));
    return 0;
  }
  if (wish.kind === "version") {
    process.stdout.write(versionText());
    return 0;
  }
  if (wish.kind === "unknown") {
    process.stderr.write(`not understood: ${wish.unknown.join(" ")}\nsee --help\n`);
    return 2;
  }
  return work(readConfig(), wish.kind, wish.json);
}

async function work(config: Config, kind: "watch" | "once", json: boolean): Promise<number> {
  // With --once, standard output belongs to the summary.
  const destination = pino.destination({ dest: kind === "once" ? 2 : 1, sync: true });
  const logger = pino({ level: config.logLevel, serializers: { err: logError } }, destination);
  const signal = stopSignals();
  const common = { config, logger, progress: process.stderr, compose: () => composeParts(config, logger) };
  try {
    if (kind === "watch") {
      await runDaemon(common, signal);
      return 0;
    }
    const summaries = await runOnce(common, signal);
    const ok = allWell(summaries);
    process.stdout.write(json ? `${JSON.stringify({ ok, tasks: summaries })}\n` : `${summaryTable(summaries)}\n`);
    return ok ? 0 : 1;
  } catch (error) {
    logger.fatal({ err: error }, isTurnkeepError(error, "Misconfigured") ? error.message : "the daemon failed");
    return 1;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`the settings are not sound:\n${error.message}\nsee --help\n`);
  process.exitCode = 2;
}
