import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startRedis } from "@turnkeep/dev-services";
import type { Redis } from "ioredis";
import { withRedis } from "./connections.js";

export interface RedisOptions {
  readonly appendonly?: boolean | undefined;
  readonly extraArgs?: readonly string[] | undefined;
}

/** A Redis of the suite's own that can be killed, stopped, emptied, and set back to what it held before. */
export class RedisServer {
  readonly #folder: string;
  readonly #options: RedisOptions;
  #running: RunningServer;

  constructor(folder: string, options: RedisOptions, running: RunningServer) {
    this.#folder = folder;
    this.#options = options;
    this.#running = running;
  }

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "turnkeep-faults-redis-"));
    return new RedisServer(folder, options, await startRedis({ ...given(options), dataDir: join(folder, "data") }));
  }

  get port(): number {
    return this.#running.port;
  }

  get url(): string {
    return this.#running.url;
  }

  kill(): Promise<void> {
    return this.#running.kill();
  }

  /** Starts it again on its port, on what it had, on nothing, or on a copy that was saved. */
  async restart(on: "itsData" | "nothing" | { readonly saved: string } = "itsData"): Promise<void> {
    const dataDir = join(this.#folder, "data");
    if (on !== "itsData") rmSync(dataDir, { recursive: true, force: true });
    if (typeof on === "object") cpSync(on.saved, dataDir, { recursive: true });
    this.#running = await startRedis({ ...given(this.#options), dataDir, port: this.port });
  }

  /** A copy of its files as they are now, for a restart on them. */
  save(): { readonly saved: string } {
    const saved = mkdtempSync(join(this.#folder, "saved-"));
    cpSync(join(this.#folder, "data"), saved, { recursive: true, filter: (path) => !path.endsWith(".pid") });
    return { saved };
  }

  /** It stops until `thaw`. */
  freeze(): void {
    process.kill(this.#running.pid, "SIGSTOP");
  }

  thaw(): void {
    process.kill(this.#running.pid, "SIGCONT");
  }

  admin<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    return withRedis(this.url, work);
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function given({ appendonly = false, extraArgs = [] }: RedisOptions) {
  return {
    appendonly,
    extraArgs: ["--enable-debug-command", "local", "--repl-diskless-sync-delay", "0", ...extraArgs],
  };
}
