// Plain JavaScript, because the root scripts use it before anything is installed or built.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A child that never outlives this process, however this process ends.
 * @typedef {object} OwnedProcess
 * @property {number} pid
 * @property {Promise<string>} exited Resolves when it is gone, with "code 1" or the signal's name; never rejects.
 * @property {() => boolean} running False from the moment it is gone.
 * @property {() => string} output Its last output, for error messages.
 * @property {(signal: NodeJS.Signals, graceMs: number) => Promise<void>} end Asks it to end, and kills it if it has not ended after `graceMs`.
 * @property {() => Promise<void>} kill SIGKILL to it and its own children, as a failing machine would. Resolves when all are gone.
 */

/**
 * @typedef {object} OwnedCommand
 * @property {string} file
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] Default: this process's own.
 * @property {number} [uid] Run as this user and group; only root may ask for it.
 * @property {"INT" | "TERM" | "KILL"} orphanSignal What it receives when this process dies without ending it.
 * @property {number | "inherit"} [log] Descriptor that receives its output; without one the last part is kept.
 * @property {boolean} [deathSignal] False: watch from outside even where the system has a signal for it.
 */

const keptOutput = 20_000;
/** How long to wait for output that a dead child's own children hold open. */
const lastOutputMs = 250;

/** @type {Map<number, NodeJS.Signals>} */
const orphanSignals = new Map();

function endOrphans() {
  for (const [pid, signal] of orphanSignals) signalIfAlive(pid, signal);
}

/**
 * True while a process with this id exists, also of another user.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** @type {boolean | undefined} */
let deathSignalKnown;

/** Linux delivers a signal to a child when its parent dies; util-linux's `setpriv` arranges it. */
function hasParentDeathSignal() {
  deathSignalKnown ??= spawnSync("setpriv", ["--pdeathsig", "TERM", "true"], { stdio: "ignore" }).status === 0;
  return deathSignalKnown;
}

/** @type {(holder: unknown) => void} */
const letGo = (holder) => /** @type {{ unref?: () => void } | null} */ (holder)?.unref?.();

/**
 * Where the system has no such signal, a shell waits for the pipe from this process to close.
 * @param {number} pid
 * @param {string} signal
 */
function watchFromOutside(pid, signal) {
  const script = `cat >/dev/null; kill -${signal} ${pid} 2>/dev/null`;
  const watchdog = spawn("sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  letGo(watchdog);
  letGo(watchdog.stdin);
  return watchdog;
}

/** @param {number} pid */
function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    const listed = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
    return (listed.stdout ?? "").split("\n").filter(Boolean).map(Number);
  }
}

/** @type {(pid: number, signal: NodeJS.Signals) => void} */
function signalIfAlive(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The parent may have died before the signal was arranged. Then the child has another parent, and ends by itself. */
const unlessOrphaned = ["sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid)];

/** @type {(command: OwnedCommand, deathSignal: boolean) => [string, string[]]} */
function withPrivileges(command, deathSignal) {
  const privileges = [];
  if (command.uid !== undefined) {
    privileges.push(`--reuid=${command.uid}`, `--regid=${command.uid}`, "--clear-groups");
  }
  if (deathSignal) privileges.push("--pdeathsig", command.orphanSignal);
  if (privileges.length === 0) return [command.file, [...command.args]];
  return ["setpriv", [...privileges, "--", ...(deathSignal ? unlessOrphaned : []), command.file, ...command.args]];
}

/**
 * Starts a direct child. It does not keep this process alive by itself. The thread that calls must be
 * the one that stays: the system says that the parent died when that thread ends.
 * @param {OwnedCommand} command
 * @returns {OwnedProcess}
 */
export function spawnOwned(command) {
  const deathSignal = command.deathSignal ?? hasParentDeathSignal();
  const [file, args] = withPrivileges(command, deathSignal);
  const sink = command.log ?? "pipe";
  const child = spawn(file, args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    stdio: ["ignore", sink, sink],
    detached: true, // Ctrl-C in a terminal reaches the owner alone, which ends its children in order.
  });
  let output = "";
  /** @param {Buffer} chunk */
  const collect = (chunk) => {
    output = (output + chunk.toString("utf8")).slice(-keptOutput);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", collect);
    letGo(stream);
  }
  child.unref();
  const pid = child.pid ?? -1;
  let alive = pid > 0;
  const orphanSignal = /** @type {NodeJS.Signals} */ (`SIG${command.orphanSignal}`);
  const watchdog = alive && !deathSignal ? watchFromOutside(pid, command.orphanSignal) : undefined;
  if (alive) {
    if (orphanSignals.size === 0) process.once("exit", endOrphans);
    orphanSignals.set(pid, orphanSignal);
  }
  const exited = new Promise((/** @type {(how: string) => void} */ resolve) => {
    child.once("exit", (code, signal) => {
      alive = false;
      orphanSignals.delete(pid);
      if (orphanSignals.size === 0) process.off("exit", endOrphans);
      watchdog?.kill("SIGKILL");
      const how = signal ?? `code ${code}`;
      child.once("close", () => resolve(how));
      setTimeout(resolve, lastOutputMs, how);
    });
    child.once("error", (error) => {
      alive = false;
      collect(Buffer.from(error.message));
      resolve(error.message);
    });
  });
  return {
    pid,
    exited,
    running: () => alive,
    output: () => output,
    end: async (signal, graceMs) => {
      if (!alive) return;
      signalIfAlive(pid, signal);
      const timer = setTimeout(() => alive && signalIfAlive(pid, "SIGKILL"), graceMs);
      await exited;
      clearTimeout(timer);
    },
    kill: async () => {
      if (!alive) return;
      const family = childrenOf(pid);
      signalIfAlive(pid, "SIGKILL");
      for (const member of family) signalIfAlive(member, "SIGKILL");
      await exited;
      while (family.some(isAlive)) await delay(5);
    },
  };
}
