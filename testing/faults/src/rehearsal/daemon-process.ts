import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProgram, type OwnedProcess, spawnOwned } from "@turnkeep/dev-services";
import { until } from "../clock.js";
import type { Endpoints } from "../system/system.js";

// Of the checkout; this file is bundled into dist.
const top = new URL(`${import.meta.url.slice(0, import.meta.url.lastIndexOf("/testing/"))}/`);
const program = {
  built: new URL("apps/recovery-daemon/dist/main.js", top),
  sources: new URL("apps/recovery-daemon/src/main.ts", top),
};

/** A line of a daemon's log. */
export interface LogLine {
  readonly msg: string;
  readonly task?: string;
  /** Of the progress of a recovery. */
  readonly done?: number;
}

/** Both, the one first that holds the lease; `false` while neither does. A holder's name ends with its process, and a random part. */
export function leaderFirst<Daemon extends { readonly pid: number }>(
  [one, two]: readonly [Daemon, Daemon],
  holder: string | null,
): readonly [Daemon, Daemon] | false {
  const pid = Number(holder?.split(":").at(-2));
  if (pid === one.pid) return [one, two];
  return pid === two.pid && [two, one];
}

/** A recovery daemon of the card game, as an operator runs it, with its log in a file. */
export class DaemonProcess {
  readonly #process: OwnedProcess;
  readonly #log: string;

  private constructor(process: OwnedProcess, log: string) {
    this.#process = process;
    this.#log = log;
  }

  /** Resolves once it is ready. @param folder for its log */
  static async start(
    { redisUrl, databaseUrl }: Endpoints,
    folder: string,
    name: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<DaemonProcess> {
    const log = join(folder, `${name}.log`);
    const descriptor = openSync(log, "a");
    const process = spawnOwned({
      file: globalThis.process.execPath,
      args: [await findProgram(import.meta.url, program), "run"],
      cwd: fileURLToPath(top),
      env: {
        PATH: globalThis.process.env.PATH,
        REDIS_URL: redisUrl,
        DATABASE_URL: databaseUrl,
        PORT: "0",
        ...settings,
      },
      orphanSignal: "KILL",
      log: descriptor,
    });
    closeSync(descriptor);
    const daemon = new DaemonProcess(process, log);
    const isReady = async () => {
      if (!process.running()) throw new Error(`a daemon ended:\n${daemon.text}`);
      return daemon.text.includes("recovered what is live");
    };
    await until(isReady, () => `a daemon was not ready in time:\n${daemon.text}`);
    return daemon;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** All that it has printed. */
  get text(): string {
    return readFileSync(this.#log, "utf8");
  }

  /** What it has logged, in order. */
  get lines(): readonly LogLine[] {
    return this.text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
  }

  /** The most memory that it has had, in MB. */
  get peakMemoryMb(): number {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1_024;
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  async stop(): Promise<void> {
    await this.#process.end("SIGTERM", 15_000);
  }
}
