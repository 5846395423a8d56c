import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

export interface AppOptions {
  /** Shown in messages. */
  readonly name: string;
  /** The program's file. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 when the program can be used. */
  readonly readyUrl: string;
  readonly readyTimeoutMs: number;
  /** Told each line that the program prints. */
  readonly onLine: (line: string) => void;
}

/*
 * Ends the program when the demo is gone, however it went: the kernel closes the channel between them. The channel
 * alone keeps the program neither alive nor from ending.
 */
const tether = `data:text/javascript,${encodeURIComponent(
  'process.once("disconnect", () => process.kill(process.pid, "SIGKILL")); process.channel?.unref();',
)}`;

const keptLines = 20;

/** A Node program of the demo's own, ended by its pid. */
export class AppProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #lines: string[] = [];

  private constructor({ script, environment, onLine }: AppOptions) {
    this.#child = spawn(process.execPath, ["--import", tether, script], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Ctrl-C in a terminal reaches the demo alone, which ends its programs in order.
      detached: true,
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines.push(line);
        if (this.#lines.length > keptLines) this.#lines.shift();
        onLine(line);
      });
    }
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
    throw new Error(`the ${options.name} ${why}\n${app.#lines.join("\n")}`);
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGKILL, then waits for the end. */
  async kill(): Promise<void> {
    if (this.running) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** SIGTERM, and SIGKILL after the grace time; true if it ended by itself, with status 0. */
  async stop(graceMs: number): Promise<boolean> {
    if (this.running) this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    await this.#exited;
    clearTimeout(late);
    return this.#child.exitCode === 0;
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
