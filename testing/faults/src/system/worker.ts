import type { FromWorker, ToWorker } from "./start-worker.js";
import type { GameService } from "./system.js";
import { openTurnkeepService } from "./turnkeep-service.js";

// The program of a server that its parent controls by messages. It ends with its parent.
let service: GameService | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToWorker) => void answer(message));

async function answer(message: ToWorker): Promise<void> {
  const id = message.kind === "open" ? 0 : message.id;
  try {
    reply({ id, value: await carryOut(message) });
  } catch (error) {
    const { name, message: text, code, details } = error as Error & { code?: string; details?: object };
    reply({ id, error: { name, message: text, ...(code ? { code } : {}), ...(details ? { details } : {}) } });
  }
}

async function carryOut(message: ToWorker): Promise<unknown> {
  if (message.kind === "open") {
    service = await openTurnkeepService(message.endpoints, message.names, message.options);
    return undefined;
  }
  if (service === undefined) throw new Error("nothing is open");
  const operation = service[message.operation] as (...args: readonly unknown[]) => Promise<unknown>;
  return operation(...message.args);
}

function reply(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
