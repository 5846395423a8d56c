import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../free-port.js";
import { type OwnedProcess, spawnOwned } from "../owned-process.mjs";
import type { RunningServer } from "../running-server.js";
import { keepTemporaryFolder, removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { findPostgres, isRoot, unprivilegedId } from "./find-postgres.js";

export interface PostgresOptions {
  /** @default a temporary folder, removed by `stop()` */
  readonly dataDir?: string;
  /** The folder of its binaries. @default those that `findPostgres` finds */
  readonly bin?: string;
  /** @default a free one */
  readonly port?: number;
  /** A temporary folder stays after `stop()`. @default false */
  readonly keep?: boolean;
  /** False gives up safety against a failing machine for speed: for tests. @default true */
  readonly durable?: boolean;
  /** Server settings by name, e.g. `{ max_connections: "300" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default 60_000, which covers a recovery after a crash */
  readonly readyTimeoutMs?: number;
}

const run = promisify(execFile);
const superuser = "turnkeep";
const passwordFile = "turnkeep.password";
const stopGraceMs = 20_000;
const attempts = 5;
const retryMs = 200;
/** Reasons that pass by themselves: a port lost to another process, children of a killed server still ending. */
const passingTrouble =
  /Address already in use|pre-existing shared memory block|lock file "postmaster.pid" already exists/;

/**
 * The data folder as the server knows it. Started by root, the server runs as the user nobody, who may not be able to
 * reach the folder by its path. It is the server's working directory, whose name needs no path.
 */
const ownName = (dataDir: string): string => (isRoot() && existsSync("/proc/self/cwd") ? "/proc/self/cwd" : dataDir);

/** Creates the cluster, with a password of its own, kept beside the data and readable by its owner only. */
async function initialise(bin: string, dataDir: string): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  const secret = temporaryFolder("secret");
  try {
    const passwordFile = join(secret, "password");
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    const args = ["-D", ownName(dataDir), "-U", superuser, "--encoding=UTF8", "--locale=C", "--no-sync"];
    args.push("--auth=scram-sha-256", `--pwfile=${passwordFile}`);
    let command = [join(bin, "initdb"), ...args];
    if (isRoot()) {
      for (const path of [secret, passwordFile]) chownSync(path, unprivilegedId, unprivilegedId);
      command = [
        "setpriv",
        `--reuid=${unprivilegedId}`,
        `--regid=${unprivilegedId}`,
        "--clear-groups",
        "--",
        ...command,
      ];
    }
    await run(command[0] ?? "", command.slice(1), { cwd: dataDir, env: { ...process.env, LC_ALL: "C" } });
  } finally {
    removeTemporaryFolder(secret);
  }
  writeFileSync(join(dataDir, passwordFile), password, { mode: 0o600 });
}

/** The server writes its state into line 8 of its pid file; "ready" means that it accepts connections. */
function saysReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return lines[0]?.trim() === String(pid) && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

async function untilReady(server: OwnedProcess, dataDir: string, deadline: number): Promise<boolean> {
  while (server.running() && Date.now() < deadline) {
    if (saysReady(dataDir, server.pid)) return true;
    await delay(10);
  }
  return false;
}

const unsafeSettings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

function serverArgs(dataDir: string, port: number, options: PostgresOptions): string[] {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(options.durable === false ? unsafeSettings : {}),
    ...options.settings,
  };
  const pairs = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", ownName(dataDir), "-p", String(port), ...pairs];
}

/** A folder whose creation was interrupted holds nothing yet: it is created again. */
function prepareFolder(dataDir: string): boolean {
  const complete = existsSync(join(dataDir, passwordFile));
  if (!complete) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (isRoot() && !complete) chownSync(dataDir, unprivilegedId, unprivilegedId);
  return complete;
}

/**
 * Starts a real Postgres on 127.0.0.1 and resolves when it accepts connections; creates the cluster if the
 * folder is empty. It never outlives this process.
 * @throws Error if there is no Postgres, or it does not serve in time.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningServer> {
  const bin = options.bin ?? findPostgres();
  const temporary = options.dataDir === undefined;
  const folder = options.dataDir ?? temporaryFolder("postgres");
  const complete = prepareFolder(folder);
  const dataDir = realpathSync(folder);
  if (!complete) await initialise(bin, dataDir);
  const password = readFileSync(join(dataDir, passwordFile), "utf8");
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  const deadline = Date.now() + timeoutMs;
  let output = "";
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const port = options.port ?? (await freePort());
    const server = spawnOwned({
      file: join(bin, "postgres"),
      args: serverArgs(dataDir, port, options),
      cwd: dataDir,
      orphanSignal: "INT",
      ...(isRoot() ? { uid: unprivilegedId } : {}),
    });
    if (await untilReady(server, dataDir, deadline)) {
      return {
        url: `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`,
        port,
        pid: server.pid,
        dataDir,
        exited: server.exited,
        kill: server.kill,
        stop: async () => {
          await server.end("SIGINT", stopGraceMs);
          if (!temporary) return;
          if (options.keep) keepTemporaryFolder(folder);
          else removeTemporaryFolder(folder);
        },
      };
    }
    output = server.output();
    await server.kill();
    if (!passingTrouble.test(output) || Date.now() > deadline) break;
    await delay(retryMs);
  }
  throw new Error(`Postgres did not start within ${timeoutMs} ms: ${output.trim().split("\n").at(-1) ?? "no output"}`);
}
