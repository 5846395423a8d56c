import { fork } from "node:child_process";
import { once } from "node:events";
import { TurnkeepError } from "@turnkeep/core";
import { findProgram } from "@turnkeep/dev-services";
import type { Endpoints, GameService, Names, Worker } from "./system.js";
import type { ServiceOptions } from "./turnkeep-service.js";

/** What is sent to a worker: what to open first, then one message a call. */
export type ToWorker =
  | { readonly kind: "open"; readonly endpoints: Endpoints; readonly names: Names; readonly options: ServiceOptions }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly operation: keyof GameService;
      readonly args: readonly unknown[];
    };

export interface FromWorker {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code?: string;
    readonly details?: object;
  };
}

const program = {
  built: new URL("./worker.js", import.meta.url),
  sources: new URL("./worker.ts", import.meta.url),
};

const asUnknown = () => new TurnkeepError("CacheUnavailable", "the server is gone", { fate: "unknown" });

/** A Turnkeep server in a process of its own. Calls that it did not answer before its end are unknown. */
export async function startWorker(
  endpoints: Endpoints,
  names: Names,
  options: ServiceOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Worker> {
  const child = fork(await findProgram(import.meta.url, program), {
    // env(1) adds to what the worker inherits, and becomes the worker.
    execPath: "env",
    execArgv: [...Object.entries(env).map(([name, value]) => `${name}=${value}`), process.execPath],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const exited = once(child, "exit");
  void exited.then(() => {
    for (const one of waiting.values()) one.reject(asUnknown());
    waiting.clear();
  });
  child.on("error", () => {}); // A message that can no longer be sent; the exit rejects its call.
  child.on("message", (message) => {
    const { id, value, error } = message as FromWorker;
    const one = waiting.get(id);
    waiting.delete(id);
    if (error) one?.reject(Object.assign(new Error(error.message), error));
    else one?.resolve(value);
  });
  let last = 0;
  const send = (message: (id: number) => ToWorker) =>
    new Promise<unknown>((resolve, reject) => {
      const id = last++;
      if (!child.connected) return reject(asUnknown());
      waiting.set(id, { resolve, reject });
      // The worker may have been killed a moment ago.
      child.send(message(id), (error) => error && reject(asUnknown()));
    });
  const call = (operation: keyof GameService, ...args: readonly unknown[]) =>
    send((id) => ({ kind: "call", id, operation, args }));
  const kill = async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await exited;
  };

  await send(() => ({ kind: "open", endpoints, names, options }));
  return {
    pid: child.pid ?? -1,
    kill,
    create: async (gameId, writeId) => void (await call("create", gameId, writeId)),
    write: async (...args) => (await call("write", ...args)) as "writeBehind" | "durable",
    read: async (gameId) => (await call("read", gameId)) as Awaited<ReturnType<GameService["read"]>>,
    log: async (gameId) => (await call("log", gameId)) as readonly string[] | null,
    end: async (gameId) => void (await call("end", gameId)),
    remove: async (gameId) => (await call("remove", gameId)) as boolean,
    recover: async () => void (await call("recover")),
    sweep: async () => void (await call("sweep")),
    now: async () => (await call("now")) as number,
    async close() {
      await call("close").catch(() => {});
      await kill();
    },
  };
}
