import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { spawnOwned } from "../../testing/dev-services/src/owned-process.mjs";
import { root } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const readyWithinMs = 60_000;
const stopWithinMs = 20_000;
const shownLines = 15;

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Starts one of this repository's programs and resolves when it is ready. It writes to a log file, and
 * ends with this script, however that ends.
 * @param {{ name: string, script: string, args?: string[], env: NodeJS.ProcessEnv, logFile: string, readyUrl?: string }} app
 * @returns {Promise<import("./supervisor.mjs").Service>}
 * @throws {UserError} with the end of its log, when it does not become ready
 */
export async function startApp({ name, script, args = [], env, logFile, readyUrl }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  const child = spawnOwned({
    file: process.execPath,
    args: [`${root}/${script}`, ...args],
    cwd: root,
    env: { ...process.env, ...env },
    orphanSignal: "KILL",
    log,
  });
  closeSync(log);
  const deadline = Date.now() + readyWithinMs;
  while (readyUrl !== undefined && !(child.running() && (await answers(readyUrl)))) {
    if (child.running() && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    const why = child.running() ? "was not ready in time" : `ended by itself (${await child.exited})`;
    await child.kill();
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-shownLines);
    throw new UserError(`The ${name} ${why}; the end of ${logFile}:\n${lines.join("\n")}`);
  }
  return { exited: child.exited, kill: child.kill, stop: () => child.end("SIGTERM", stopWithinMs) };
}
