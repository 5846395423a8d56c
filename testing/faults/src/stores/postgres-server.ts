import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startPostgres } from "@turnkeep/dev-services";
import type pg from "pg";
import { withPostgres } from "./connections.js";

export interface PostgresOptions {
  /** Where its data folder is made; default a temporary one. */
  readonly folder?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Postgres of the suite's own that can be killed and started again on its data. */
export class PostgresServer {
  readonly #options: ReturnType<typeof optionsIn>;
  readonly #owned: string | null;
  #running: RunningServer;

  constructor(options: ReturnType<typeof optionsIn>, owned: string | null, running: RunningServer) {
    this.#options = options;
    this.#owned = owned;
    this.#running = running;
  }

  static async start(given: PostgresOptions = {}): Promise<PostgresServer> {
    const owned = given.folder === undefined ? mkdtempSync(join(tmpdir(), "turnkeep-faults-postgres-")) : null;
    if (owned) await chmod(owned, 0o711); // Its user has to walk through.
    const options = optionsIn(join(given.folder ?? owned ?? "", "data"), given);
    return new PostgresServer(options, owned, await startPostgres(options));
  }

  get url(): string {
    return this.#running.url;
  }

  get port(): number {
    return this.#running.port;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  kill(): Promise<void> {
    return this.#running.kill();
  }

  async restart(): Promise<void> {
    this.#running = await startPostgres({ ...this.#options, port: this.port });
  }

  admin<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
    return withPostgres(this.url, work);
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    if (this.#owned) rmSync(this.#owned, { recursive: true, force: true });
  }
}

/**
 * A killed server has to keep what it committed. The machine keeps running, so that its own cache is safe enough, but
 * the server's buffers are not.
 */
const optionsIn = (dataDir: string, { settings }: PostgresOptions) => ({
  dataDir,
  durable: false,
  settings: { synchronous_commit: "on", max_connections: "120", shared_buffers: "32MB", ...settings },
});
