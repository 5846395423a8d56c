import { setTimeout as delay } from "node:timers/promises";
import { type OwnedProcess, spawnOwned } from "@turnkeep/dev-services";

export interface AppOptions {
  /** Shown in messages. */
  readonly name: string;
  /** The program's file, with what Node needs to run it before. */
  readonly command: readonly string[];
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 when the program can be used. */
  readonly readyUrl: string;
  readonly readyTimeoutMs: number;
  /** Shows what the program prints, on standard error; else only its last lines are kept, for messages. */
  readonly verbose: boolean;
}

const shownLines = 20;
const standardError = 2;

/** A Node program of the demo's own: ended by its pid, and gone when the demo is gone, however that ends. */
export class AppProcess {
  readonly #process: OwnedProcess;

  private constructor({ command, workingFolder, environment, verbose }: AppOptions) {
    this.#process = spawnOwned({
      file: process.execPath,
      args: [...command],
      cwd: workingFolder,
      env: environment,
      orphanSignal: "KILL",
      ...(verbose ? { log: standardError } : {}),
    });
  }

  /**
   * Starts the program and resolves once it is ready.
   * @throws Error with the last lines that it printed, if it ends before or is not ready in time; it is ended then
   */
  static async start(options: AppOptions, signal: AbortSignal): Promise<AppProcess> {
    const app = new AppProcess(options);
    const deadline = performance.now() + options.readyTimeoutMs;
    while (app.running && performance.now() < deadline && !signal.aborted) {
      if (await answers(options.readyUrl)) return app;
      await delay(25);
    }
    const why = app.running ? (signal.aborted ? "was interrupted" : "was not ready in time") : "ended by itself";
    await app.kill();
    const lines = app.#process.output().trimEnd().split("\n").slice(-shownLines);
    throw new Error([`the ${options.name} ${why}`, ...lines].join("\n"));
  }

  get running(): boolean {
    return this.#process.running();
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** SIGKILL, then waits for the end. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** SIGTERM, and SIGKILL after the grace time; true if it ended by itself, with status 0. */
  async stop(graceMs: number): Promise<boolean> {
    await this.#process.end("SIGTERM", graceMs);
    return (await this.#process.exited) === "code 0";
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
