import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../owned-process.mjs";
import type { RunningServer } from "../running-server.js";
import { keepTemporaryFolder, removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { findRedis } from "./find-redis.js";
import { spawnRedis } from "./redis-process.js";

export interface RedisOptions {
  /** @default a temporary folder, removed by `stop()` */
  readonly dataDir?: string;
  /** @default a free one */
  readonly port?: number;
  /** Every write goes to the append-only file, synced each second. @default false */
  readonly appendonly?: boolean;
  /** Further arguments of redis-server, e.g. `["--enable-debug-command", "local"]`. */
  readonly extraArgs?: readonly string[];
  /** A temporary folder stays after `stop()`. @default false */
  readonly keep?: boolean;
  /** @default 60_000 */
  readonly readyTimeoutMs?: number;
}

const stopGraceMs = 20_000;

const pidFile = (dataDir: string): string => join(dataDir, "redis.pid");

function redisUsing(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(dataDir), "utf8"));
    if (!isAlive(pid)) return undefined;
    return /redis|valkey/.test(spawnSync("ps", ["-p", String(pid), "-o", "args="]).stdout.toString()) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Redis does not protect its files against a second server: this waits for one that is still ending. */
async function untilUnused(dataDir: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let pid = redisUsing(dataDir); pid !== undefined; pid = redisUsing(dataDir)) {
    if (Date.now() > deadline) throw new Error(`Another Redis (process ${pid}) uses ${dataDir}: end it first.`);
    await delay(50);
  }
}

/**
 * Starts a real Redis (or Valkey) on 127.0.0.1 and resolves when it serves. It never outlives this process.
 * @throws Error if there is no Redis, or it does not serve in time.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RunningServer> {
  const program = await findRedis();
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? temporaryFolder("redis");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  await untilUnused(dataDir, timeoutMs);
  const { server, port } = await spawnRedis({
    program,
    cwd: dataDir,
    port: options.port,
    timeoutMs,
    args: (port) => [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", dataDir, "--daemonize", "no", "--save", ""],
      ...["--appendonly", options.appendonly ? "yes" : "no", "--appendfsync", "everysec"],
      ...["--pidfile", pidFile(dataDir), "--maxmemory-policy", "noeviction", ...(options.extraArgs ?? [])],
    ],
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    dataDir,
    exited: server.exited,
    kill: server.kill,
    stop: async () => {
      await server.end("SIGTERM", stopGraceMs);
      if (!temporary) return;
      if (options.keep) keepTemporaryFolder(dataDir);
      else removeTemporaryFolder(dataDir);
    },
  };
}
