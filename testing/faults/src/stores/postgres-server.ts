import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type RunningServer, startPostgres } from "@turnkeep/dev-services";
import type pg from "pg";
import { until } from "../clock.js";
import { withPostgres } from "./connections.js";

const run = promisify(execFile);

export interface PostgresOptions {
  /** Where its data folder is made; default a temporary one. */
  readonly folder?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** An asynchronous one: it may lack the last commits of the one that it follows. */
export interface Standby {
  /** Resolves once it has all that the one that it follows has committed by now. */
  caughtUp(): Promise<void>;
  /** It becomes the primary, and stops. Its files are for a restart at the old one's address. */
  promote(): Promise<{ readonly saved: string }>;
  stop(): Promise<void>;
}

/** A Postgres of the suite's own that can be killed, started again on its data, and set back to what it held before. */
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

  /** Starts it again on its port, on what it had, or on a copy that was saved, which stays as it is. */
  async restart(on: "itsData" | { readonly saved: string } = "itsData"): Promise<void> {
    if (on !== "itsData") {
      rmSync(this.dataDir, { recursive: true });
      await run("cp", ["-a", on.saved, this.dataDir]);
    }
    this.#running = await startPostgres({ ...this.#options, port: this.port });
  }

  /** A copy of its files as they are now, for a restart on them. It is stopped for that moment. */
  async save(): Promise<{ readonly saved: string }> {
    const saved = join(mkdtempSync(`${this.dataDir}-saved-`), "data");
    await this.#running.stop();
    await run("cp", ["-a", this.dataDir, saved]);
    await this.restart();
    return { saved };
  }

  /**
   * Starts another one that follows this one, as closely as this port lets it, which leads here. Resolves when it is in
   * step.
   */
  async startStandby(port: number): Promise<Standby> {
    const { saved } = await this.save();
    writeFileSync(join(saved, "standby.signal"), "");
    const { username, password } = new URL(this.url);
    const primary_conninfo = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
    const settings = { ...this.#options.settings, primary_conninfo };
    const standby = await startPostgres({ ...this.#options, dataDir: saved, settings });
    const follows = async () => {
      const { rows } = await this.admin((db) => db.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'"));
      return rows.length > 0;
    };
    await until(follows, () => "the standby does not follow");
    const caughtUp = async () => {
      const { rows } = await this.admin((db) => db.query("SELECT pg_current_wal_flush_lsn() AS lsn"));
      const has = "SELECT FROM pg_stat_replication WHERE flush_lsn >= $1";
      const isThere = async () => (await this.admin((db) => db.query(has, [rows[0].lsn]))).rows.length > 0;
      await until(isThere, () => `the standby does not come to ${rows[0].lsn}`);
    };
    return {
      caughtUp,
      promote: async () => {
        await withPostgres(standby.url, (db) => db.query("SELECT pg_promote()"));
        await standby.stop();
        return { saved };
      },
      stop: () => standby.stop(),
    };
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
