import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Traffic } from "../measure/network.js";
import type { Measured, Sample } from "../measure/operation.js";
import type { Task } from "./task.js";

export type ToWorker =
  | { readonly kind: "open"; readonly task: Task }
  | { readonly kind: "run" | "traffic" | "rest" | "close" };

export interface FromWorker {
  readonly value?: unknown;
  readonly error?: string;
}

const fromSources = import.meta.url.endsWith(".ts");
const program = fileURLToPath(new URL(fromSources ? "./worker.ts" : "./worker.js", import.meta.url));

/** A contender in a process of its own, with as much memory as it likes; one message at a time. */
export async function startWorker(task: Task): Promise<Measured> {
  const child = fork(program, {
    execArgv: [
      "--max-old-space-size=8192",
      // What a held game takes is what is left of it once garbage is gone.
      "--expose-gc",
      ...(fromSources ? ["--import", "tsx", "--conditions=@turnkeep/source"] : []),
    ],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const exited = once(child, "exit");
  const ask = async (message: ToWorker): Promise<unknown> => {
    const answered = once(child, "message");
    child.send(message);
    const [reply] = (await Promise.race([answered, exited.then(() => [{ error: "the worker ended" }])])) as [
      FromWorker,
    ];
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  };
  await ask({ kind: "open", task });
  return {
    prepare: () => ask({ kind: "rest" }),
    async run() {
      const sample = (await ask({ kind: "run" })) as Sample;
      return sample;
    },
    traffic: async () => (await ask({ kind: "traffic" })) as Traffic,
    async close() {
      await ask({ kind: "close" });
      child.disconnect();
      await exited;
    },
  };
}
