import { isAlive, spawnOwned } from "../../testing/dev-services/src/owned-process.mjs";
import { root } from "./paths.mjs";
import { UserError } from "./user-error.mjs";

const graceMs = 5_000;
const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|CERT|ENETUNREACH|META_FETCH_FAIL|socket hang up/;

/** A program ended otherwise than well; its output says why. */
export class CommandFailed extends UserError {
  /**
   * @param {string} command
   * @param {string} how
   * @param {string} output
   */
  constructor(command, how, output) {
    super(`${command} ended with ${how}:\n${output.trimEnd()}`);
    this.output = output;
  }
}

/** @type {Set<import("../../testing/dev-services/src/owned-process.mjs").OwnedProcess>} */
const running = new Set();

/** @type {(pid: number, signal: NodeJS.Signals) => void} */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Ends what `run` started, with everything that it started in turn. */
export async function endRunning() {
  await Promise.all(
    [...running].map(async ({ pid, exited }) => {
      if (isAlive(pid)) signalGroup(pid, "SIGTERM");
      const timer = setTimeout(signalGroup, graceMs, pid, "SIGKILL");
      await exited;
      clearTimeout(timer);
    }),
  );
}

/** From here on a signal ends the steps under way, then this script. For scripts that keep no servers. */
export function endOnSignals() {
  /** @type {[NodeJS.Signals, number][]} */
  const signals = [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ];
  for (const [signal, code] of signals) {
    process.once(signal, () => endRunning().finally(() => process.exit(code)));
  }
}

/**
 * Runs a program with this Node, or any other, and resolves with what it said.
 * @param {string} file A JavaScript file (run by this Node) or a program.
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show`: its output goes to this terminal.
 * @throws {CommandFailed}
 */
export async function run(file, args, { cwd = root, env, show = false } = {}) {
  const script = /\.[cm]?js$/.test(file);
  const child = spawnOwned({
    file: script ? process.execPath : file,
    args: script ? [file, ...args] : args,
    cwd,
    env: { ...process.env, ...env },
    orphanSignal: "TERM",
    ...(show ? { log: "inherit" } : {}),
  });
  running.add(child);
  const alive = setInterval(() => {}, 60_000); // The child alone does not keep this script waiting.
  const how = await child.exited;
  clearInterval(alive);
  running.delete(child);
  if (how !== "code 0") throw new CommandFailed([file.split("/").at(-1), ...args].join(" "), how, child.output());
  return child.output();
}

/**
 * Says in one sentence what to do where the network is the reason.
 * @param {unknown} error
 * @param {string} what
 */
export function explainNetwork(error, what) {
  if (error instanceof CommandFailed && networkTrouble.test(error.output)) {
    return new UserError(
      `${what} needs the package registry, which does not answer: check the network, then run it again.`,
    );
  }
  return error;
}
