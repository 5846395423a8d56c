import { fileURLToPath } from "node:url";
import { freePort } from "@turnkeep/dev-services";
import { bareEnvironment } from "../config.js";
import { AppProcess } from "./app-process.js";
import type { DemoStores } from "./stores.js";

// Of the checkout; this file is bundled into dist/main.js.
const top = fileURLToPath(import.meta.url.slice(0, import.meta.url.lastIndexOf("/examples/demo/")));
const built = !import.meta.url.endsWith(".ts");

/** What is built runs what is built; sources, in tests, run sources. */
function commandOf(app: string): readonly string[] {
  return built ? [`${app}/dist/main.js`] : ["--import", "tsx", "--conditions=@turnkeep/source", `${app}/src/main.ts`];
}

export interface ProgramsOptions {
  readonly stores: DemoStores;
  readonly jwtSecret: string;
  /** Shows what the programs log. */
  readonly verbose: boolean;
}

/** The game server and the daemon of this run. */
export class Programs {
  readonly #options: ProgramsOptions;
  readonly #signal: AbortSignal;
  readonly #serverPort: number;
  readonly #daemonPort: number;
  #server: AppProcess | null = null;
  #daemon: AppProcess | null = null;

  private constructor(options: ProgramsOptions, signal: AbortSignal, serverPort: number, daemonPort: number) {
    this.#options = options;
    this.#signal = signal;
    this.#serverPort = serverPort;
    this.#daemonPort = daemonPort;
  }

  /** Starts both. @throws Error if one does not come up; then none is left running */
  static async start(options: ProgramsOptions, signal: AbortSignal): Promise<Programs> {
    const programs = new Programs(options, signal, await freePort(), await freePort());
    try {
      await programs.startServer();
      await programs.#startDaemon();
      return programs;
    } catch (error) {
      await programs.kill();
      throw error;
    }
  }

  /** Where clients find the game server, also after it was started again. */
  get serverUrl(): string {
    return `http://127.0.0.1:${this.#serverPort}`;
  }

  async startServer(): Promise<void> {
    this.#server = await this.#start("server", "server", this.#serverPort, {
      JWT_SECRET: this.#options.jwtSecret,
      RATE_LIMIT_PER_MINUTE: "0",
    });
  }

  async killServer(): Promise<void> {
    await this.#server?.kill();
  }

  /** Asks both to end; true if both did so in order. */
  async stop(): Promise<boolean> {
    const ended = await Promise.all([this.#server?.stop(15_000), this.#daemon?.stop(15_000)]);
    return ended.every(Boolean);
  }

  /** SIGKILL for whatever is left; safe to call twice. */
  async kill(): Promise<void> {
    await Promise.all([this.#server?.kill(), this.#daemon?.kill()]);
  }

  async #startDaemon(): Promise<void> {
    this.#daemon = await this.#start("recovery daemon", "recovery-daemon", this.#daemonPort, {
      FLUSH_EVERY_MS: "250",
      FINISH_EVERY_MS: "500",
      REMARK_EVERY_MS: "1000",
      BURY_EVERY_MS: "1000",
    });
  }

  #start(name: string, app: string, port: number, more: Readonly<Record<string, string>>): Promise<AppProcess> {
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
    const command = commandOf(`${top}/apps/${app}`);
    const { verbose } = this.#options;
    const options = { name, command, workingFolder: top, environment, readyUrl, readyTimeoutMs: 30_000, verbose };
    return AppProcess.start(options, this.#signal);
  }
}
