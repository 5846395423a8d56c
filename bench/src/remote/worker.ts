import { ownCpuUs } from "../measure/cpu-time.js";
import { watchNetwork } from "../measure/network.js";
import type { Sample } from "../measure/operation.js";
import { openTask } from "./open-task.js";
import type { FromWorker, ToWorker } from "./start-worker.js";
import type { Working } from "./task.js";

// The program of a contender in a process of its own. It ends with its parent.
watchNetwork();
let working: Working | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToWorker) => void answer(message));

async function answer(message: ToWorker): Promise<void> {
  try {
    reply({ value: await carryOut(message) });
  } catch (error) {
    reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function carryOut(message: ToWorker): Promise<unknown> {
  if (message.kind === "open") {
    working = await openTask(message.task);
    return undefined;
  }
  if (working === undefined) throw new Error("nothing is open");
  if (message.kind === "run") return run(working);
  return working[message.kind]?.();
}

async function run(measured: Working): Promise<Sample> {
  const before = ownCpuUs();
  const sample = await measured.run();
  return { ...sample, clientCpuUs: ownCpuUs() - before };
}

function reply(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
