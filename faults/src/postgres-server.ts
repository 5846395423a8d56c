import { mkdtempSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startPostgres } from "@turnkeep/dev-services";
import type pg from "pg";
import { withPostgres } from "./turnkeep-system.js";

/** A Postgres of our own that can be killed and started again on its data. */
export class PostgresServer {
  readonly #dataDir: string;
  readonly #owned: string | null;
  #running: RunningServer;

  private constructor(dataDir: string, owned: string | null, running: RunningServer) {
    this.#dataDir = dataDir;
    this.#owned = owned;
    this.#running = running;
  }

  /** In a folder of its own, or in the one given, such as a small disk. */
  static async start(given?: string): Promise<PostgresServer> {
    const owned = given === undefined ? mkdtempSync(join(tmpdir(), "turnkeep-faults-postgres-")) : null;
    if (owned) await chmod(owned, 0o711); // Its user has to walk through.
    const dataDir = join(given ?? owned ?? "", "data");
    return new PostgresServer(dataDir, owned, await startPostgres(settings(dataDir)));
  }

  get url(): string {
    return this.#running.url;
  }

  get port(): number {
    return this.#running.port;
  }

  kill(): Promise<void> {
    return this.#running.kill();
  }

  async restart(): Promise<void> {
    this.#running = await startPostgres({ ...settings(this.#dataDir), port: this.port });
  }

  admin<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
    return withPostgres(this.url, work);
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    if (this.#owned) rmSync(this.#owned, { recursive: true, force: true });
  }
}

/** A killed server has to keep what it committed; the machine goes on, so that nothing must reach the disk. */
const settings = (dataDir: string) => ({
  dataDir,
  durable: false,
  settings: { max_connections: "120", shared_buffers: "32MB" },
});
