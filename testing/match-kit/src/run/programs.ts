import { fileURLToPath } from "node:url";
import { findProgram, freePort, type OwnedProcess } from "@turnkeep/dev-services";
import { bareEnvironment } from "../config.js";
import { startProgram } from "./start-program.js";
import type { MatchStores } from "./stores.js";

// Of the checkout; this file is bundled into dist/index.js.
const top = new URL(`${import.meta.url.slice(0, import.meta.url.lastIndexOf("/testing/"))}/`);
const stopWithinMs = 15_000;

export interface ProgramsOptions {
  readonly stores: MatchStores;
  readonly jwtSecret: string;
  /** How many game servers share the stores. */
  readonly servers: number;
  /** Shows what the programs log. */
  readonly verbose: boolean;
  /** Further settings of the game server with this number, such as another way to the stores. */
  readonly serverSettings?: (index: number) => Readonly<Record<string, string>>;
  /** Further settings of the daemon. */
  readonly daemonSettings?: Readonly<Record<string, string>>;
}

interface Place {
  readonly port: number;
  readonly metricsPort: number;
  process: OwnedProcess | null;
}

const freePlace = async (): Promise<Place> => ({
  port: await freePort(),
  metricsPort: await freePort(),
  process: null,
});

/** The game servers and the daemon of one run. All clients come from one address, so nothing is limited by address. */
export class Programs {
  readonly #options: ProgramsOptions;
  readonly #signal: AbortSignal;
  readonly #servers: Place[] = [];
  readonly #daemon: Place;

  private constructor(options: ProgramsOptions, daemon: Place, signal: AbortSignal) {
    this.#options = options;
    this.#daemon = daemon;
    this.#signal = signal;
  }

  /** Starts all. @throws Error if one does not come up; then none is left running */
  static async start(options: ProgramsOptions, signal: AbortSignal): Promise<Programs> {
    const programs = new Programs(options, await freePlace(), signal);
    try {
      for (let count = 0; count < options.servers; count += 1) {
        programs.#servers.push(await freePlace());
        await programs.startServer(count);
      }
      await programs.#startDaemon();
      return programs;
    } catch (error) {
      await programs.kill();
      throw error;
    }
  }

  /** Where clients find the game servers, also after one was started again. */
  get serverUrls(): readonly string[] {
    return this.#servers.map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** Where Prometheus reads the game servers' metrics. */
  get metricsUrls(): readonly string[] {
    return this.#servers.map(({ metricsPort }) => `http://127.0.0.1:${metricsPort}/metrics`);
  }

  /** Where Prometheus reads the daemon's. */
  get daemonMetricsUrl(): string {
    return `http://127.0.0.1:${this.#daemon.metricsPort}/metrics`;
  }

  async startServer(index: number): Promise<void> {
    const server = this.#place(index);
    server.process = await this.#start("server", "server", server.port, {
      JWT_SECRET: this.#options.jwtSecret,
      METRICS_PORT: String(server.metricsPort),
      RATE_LIMIT_PER_MINUTE: "0",
      ADDRESS_RATE_LIMIT_PER_MINUTE: "0",
      SOCKETS_PER_ADDRESS: "0",
      CONNECTIONS_PER_ADDRESS: "0",
      MAX_CONNECTIONS: "0",
      NEW_GAMES_PER_HOUR: "0",
      ...this.#options.serverSettings?.(index),
    });
  }

  async killServer(index: number): Promise<void> {
    await this.#place(index).process?.kill();
  }

  async killDaemon(): Promise<void> {
    await this.#daemon.process?.kill();
  }

  /** Asks all to end; true if all did so in order. */
  async stop(): Promise<boolean> {
    const ended = await Promise.all(
      this.#all().map(async (program) => {
        await program?.end("SIGTERM", stopWithinMs);
        return (await program?.exited) === "code 0";
      }),
    );
    return ended.every(Boolean);
  }

  /** SIGKILL for whatever is left; safe to call twice. */
  async kill(): Promise<void> {
    await Promise.all(this.#all().map((program) => program?.kill()));
  }

  #all(): readonly (OwnedProcess | null)[] {
    return [...this.#servers, this.#daemon].map(({ process }) => process);
  }

  #place(index: number): Place {
    const server = this.#servers[index];
    if (server === undefined) throw new Error(`there is no server ${index}`);
    return server;
  }

  async #startDaemon(): Promise<void> {
    const { port, metricsPort } = this.#daemon;
    this.#daemon.process = await this.#start("recovery daemon", "recovery-daemon", port, {
      METRICS_PORT: String(metricsPort),
      FLUSH_EVERY_MS: "250",
      FINISH_EVERY_MS: "500",
      REINDEX_EVERY_MS: "1000",
      EVICT_EVERY_MS: "1000",
      ...this.#options.daemonSettings,
    });
  }

  async #start(name: string, app: string, port: number, more: Readonly<Record<string, string>>): Promise<OwnedProcess> {
    const { databaseUrl, schema, redisUrl, keyPrefix } = this.#options.stores;
    const environment = {
      ...bareEnvironment(),
      DATABASE_URL: databaseUrl,
      DATABASE_SCHEMA: schema,
      REDIS_URL: redisUrl,
      REDIS_KEY_PREFIX: keyPrefix,
      HOST: "127.0.0.1",
      PORT: String(port),
      LOG_LEVEL: "info",
      ...more,
    };
    const readyUrl = `http://127.0.0.1:${port}/readyz`;
    const program = {
      built: new URL(`apps/${app}/dist/main.js`, top),
      sources: new URL(`apps/${app}/src/main.ts`, top),
    };
    const command = [await findProgram(import.meta.url, program), ...(app === "recovery-daemon" ? ["run"] : [])];
    const { verbose } = this.#options;
    const options = {
      name,
      command,
      workingFolder: fileURLToPath(top),
      environment,
      readyUrl,
      readyTimeoutMs: 30_000,
      verbose,
    };
    return startProgram(options, this.#signal);
  }
}
