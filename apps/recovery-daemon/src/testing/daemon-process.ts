import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "@turnkeep/dev-services/bundle";

const main = await bundleProgram(new URL("../main.ts", import.meta.url));
/** The game server's program; the two share the stores and nothing else. */
export const gameServer = await bundleProgram(new URL("../../../server/src/main.ts", import.meta.url));

/** The daemon, or another program beside it, as a process of its own. */
export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  stdout = "";

  constructor(environment: Readonly<Record<string, string>>, args?: readonly string[], program = main) {
    const { PATH = "", HOME = "" } = process.env;
    this.#child = spawn(process.execPath, [program, ...(args ?? (program === main ? ["run"] : []))], {
      cwd: fileURLToPath(new URL("../../../..", import.meta.url)),
      env: { PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = once(this.#child, "exit");
    this.#child.stdout?.on("data", (chunk) => {
      this.stdout += String(chunk);
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#hear(line));
    }
    void this.#exited.then(() => this.#tell());
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#lines.join("\n");
  }

  /** The first line that holds the text, also if it was printed before. @throws Error if it ends without */
  async line(text: string): Promise<string> {
    for (;;) {
      const found = this.#lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`it ended without printing "${text}":\n${this.output}`);
      }
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  /** Address of its health endpoints. */
  async address(): Promise<string> {
    const { address } = JSON.parse(await this.line("health endpoints listen")) as { address: string };
    return address;
  }

  /** Resolves once `/readyz` will say 200. */
  async ready(): Promise<void> {
    await this.line("recovered what is live");
  }

  /** Its exit status, once it has ended; `null` if a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#exited;
    return this.#child.exitCode;
  }

  signal(name: "SIGTERM" | "SIGINT" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(name);
  }

  /** For the end of a test, whatever became of it. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #hear(line: string): void {
    this.#lines.push(line);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
