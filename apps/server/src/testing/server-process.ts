import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "@turnkeep/dev-services/bundle";

/** What can be run: the server as it is, one of the next schema version, and the server as modules that are loaded one by one. */
const main = new URL("../main.ts", import.meta.url);
const commands = {
  main: [await bundleProgram(main)],
  next: [await bundleProgram(new URL("./next-version-main.ts", import.meta.url))],
  sources: ["--import", "tsx", "--conditions=@turnkeep/source", fileURLToPath(main)],
};
const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The game server as a process of its own, with this environment and no other settings. */
export class ServerProcess {
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #ready: Promise<string>;

  constructor(
    environment: Record<string, string>,
    args: readonly string[] = [],
    program: keyof typeof commands = "main",
  ) {
    const { PATH = "", HOME = "" } = process.env;
    this.#child = spawn(process.execPath, [...commands[program], ...args], {
      cwd: root,
      env: { PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#child;
    const heard = { stdout: "", stderr: "" };
    stderr?.on("data", (chunk) => {
      heard.stderr += chunk;
    });
    this.#ready = new Promise((resolve) => {
      if (stdout === null) return;
      createInterface({ input: stdout }).on("line", (line) => {
        heard.stdout += `${line}\n`;
        const address = /"address":"(http[^"]+)"/.exec(line)?.[1];
        if (address !== undefined) resolve(address);
      });
    });
    this.exited = once(this.#child, "close").then(([code, signal]) => ({ code, signal, ...heard }));
  }

  /** Its address, once it serves. @throws Error with what it said, if it ends before */
  async address(): Promise<string> {
    const ended = this.exited.then(({ stdout, stderr }) => {
      throw new Error(`the server ended before it was ready:\n${stdout}${stderr}`);
    });
    return Promise.race([this.#ready, ended]);
  }

  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.#child.kill(signal);
    return this.exited;
  }
}
