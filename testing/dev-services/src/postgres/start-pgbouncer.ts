import { spawnSync } from "node:child_process";
import { chownSync, existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { downloadDebianPackages, withLibrariesOf } from "../download-debian-packages.mjs";
import { freePort } from "../free-port.js";
import { spawnOwned } from "../owned-process.mjs";
import { removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { toolsFolder } from "../workspace-folder.js";
import { isRoot, unprivilegedId } from "./find-postgres.js";

export interface PgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const stopGraceMs = 10_000;

/** PgBouncer of this machine, else the one of the distribution's packages, unpacked into the tools folder. */
async function findPgBouncer(): Promise<{ file: string; env: NodeJS.ProcessEnv }> {
  if (spawnSync("pgbouncer", ["--version"], { stdio: "ignore" }).status === 0) {
    return { file: "pgbouncer", env: process.env };
  }
  const folder = join(toolsFolder(), "pgbouncer");
  if (!existsSync(folder)) await downloadDebianPackages(folder, ["pgbouncer"]);
  return { file: join(folder, "usr/sbin/pgbouncer"), env: withLibrariesOf(folder) };
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== null));
    socket.on("error", () => resolve(false));
  });

/**
 * A PgBouncer before this Postgres, with these settings of its file, such as `{ pool_mode: "transaction" }`. Each client
 * is let in as the user of the URL.
 * @throws Error if there is none, or it does not serve in time
 */
export async function startPgBouncer(target: string, settings: Readonly<Record<string, string>>): Promise<PgBouncer> {
  const { file, env } = await findPgBouncer();
  const { hostname, port, username, password } = new URL(target);
  const own = await freePort();
  const folder = temporaryFolder("postgres");
  const config = join(folder, "pgbouncer.ini");
  const all = { listen_addr: "127.0.0.1", listen_port: own, unix_socket_dir: "", auth_type: "any", ...settings };
  writeFileSync(
    config,
    [
      "[databases]",
      `* = host=${hostname} port=${port || 5432} user=${username} password=${decodeURIComponent(password)}`,
      "[pgbouncer]",
      ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
    ].join("\n"),
    { mode: 0o600 },
  );
  if (isRoot()) for (const path of [folder, config]) chownSync(path, unprivilegedId, unprivilegedId);
  const server = spawnOwned({
    file,
    args: ["pgbouncer.ini"],
    cwd: folder,
    env,
    orphanSignal: "TERM",
    ...(isRoot() ? { uid: unprivilegedId } : {}),
  });
  const deadline = Date.now() + readyWithinMs;
  while (!(await accepts(own))) {
    if (!server.running() || Date.now() > deadline) throw new Error(`PgBouncer did not start: ${server.output()}`);
    await delay(10);
  }
  const url = new URL(target);
  url.port = String(own);
  return {
    url: url.href,
    stop: async () => {
      await server.end("SIGTERM", stopGraceMs);
      removeTemporaryFolder(folder);
    },
  };
}
