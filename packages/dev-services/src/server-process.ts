import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A server that runs as a child of this process and never outlives it, however this process ends. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the server is gone; never rejects. */
  readonly exited: Promise<void>;
  /** False from the moment the server is gone. */
  running(): boolean;
  /** What the server has said last, for error messages. */
  output(): string;
  /** Asks it to end, and kills it if it has not ended after `graceMs`. */
  end(signal: NodeJS.Signals, graceMs: number): Promise<void>;
  /** SIGKILL to the server and its own children, as a failing machine would. Resolves when all are gone. */
  kill(): Promise<void>;
}

export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user and group; only root may ask for it. */
  readonly uid?: number;
  /** What the server receives when this process dies without ending it. */
  readonly orphanSignal: "INT" | "TERM";
}

const KEPT_OUTPUT = 8_000;

/** True while a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

let deathSignalKnown: boolean | undefined;

/** Linux delivers a signal to the server when its parent dies; util-linux's `setpriv` arranges it. */
function hasParentDeathSignal(): boolean {
  deathSignalKnown ??= spawnSync("setpriv", ["--pdeathsig", "TERM", "true"], { stdio: "ignore" }).status === 0;
  return deathSignalKnown;
}

/** Where the system has no such signal, a shell waits for the pipe from this process to close. */
function watchFromOutside(pid: number, signal: string): ChildProcess {
  const watchdog = spawn("sh", ["-c", `cat >/dev/null; kill -${signal} ${pid} 2>/dev/null`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return watchdog;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    const listed = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
    return (listed.stdout ?? "").split("\n").filter(Boolean).map(Number);
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

function wrap(command: ServerCommand, deathSignal: boolean): [string, string[]] {
  const privileges: string[] = [];
  if (command.uid !== undefined) {
    privileges.push(`--reuid=${command.uid}`, `--regid=${command.uid}`, "--clear-groups");
  }
  if (deathSignal) privileges.push("--pdeathsig", command.orphanSignal);
  if (privileges.length === 0) return [command.file, [...command.args]];
  return ["setpriv", [...privileges, "--", command.file, ...command.args]];
}

/**
 * Starts a server as a direct child. The thread that calls must be the one that stays: the system
 * tells the server that its parent died when that thread ends.
 */
export function spawnServer(command: ServerCommand, options: { deathSignal?: boolean } = {}): ServerProcess {
  const deathSignal = options.deathSignal ?? hasParentDeathSignal();
  const [file, args] = wrap(command, deathSignal);
  const child = spawn(file, args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C in a terminal reaches the owner alone, which ends its servers in order.
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-KEPT_OUTPUT);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const pid = child.pid ?? -1;
  let alive = pid > 0;
  const onExit = (): void => signalIfAlive(pid, `SIG${command.orphanSignal}`);
  const watchdog = alive && !deathSignal ? watchFromOutside(pid, command.orphanSignal) : undefined;
  const exited = new Promise<void>((resolve) => {
    const gone = (): void => {
      alive = false;
      process.off("exit", onExit);
      watchdog?.kill("SIGKILL");
      resolve();
    };
    child.once("exit", gone);
    child.once("error", (error) => {
      collect(Buffer.from(error.message));
      gone();
    });
  });
  if (alive) process.once("exit", onExit);
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref?: () => void }).unref?.();

  const end = async (signal: NodeJS.Signals, graceMs: number): Promise<void> => {
    if (!alive) return;
    signalIfAlive(pid, signal);
    const timer = setTimeout(() => alive && signalIfAlive(pid, "SIGKILL"), graceMs);
    await exited;
    clearTimeout(timer);
  };
  const kill = async (): Promise<void> => {
    if (!alive) return;
    const family = childrenOf(pid);
    signalIfAlive(pid, "SIGKILL");
    for (const member of family) signalIfAlive(member, "SIGKILL");
    await exited;
    while (family.some(isAlive)) await delay(5);
  };
  return { pid, exited, running: () => alive, output: () => output, end, kill };
}
