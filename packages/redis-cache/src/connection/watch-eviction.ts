import type { CancelTimer, Runtime } from "@turnkeep/core";
import type { Connection } from "./connection.js";
import { evictionTrouble } from "./start-checks.js";

/** Looks every so many ms at the eviction policy, and warns each time that it becomes unsafe; the result ends it. */
export function watchEviction(
  connection: Connection,
  everyMs: number,
  runtime: Runtime,
  onWarning: (message: string) => void,
): CancelTimer {
  let warned = false;
  let cancel: CancelTimer = () => undefined;
  const look = async () => {
    schedule();
    // A Redis that does not answer is reported by the calls that need it.
    const trouble = await evictionTrouble(connection).catch(() => undefined);
    if (trouble === undefined) return;
    if (trouble !== null && !warned) onWarning(trouble);
    warned = trouble !== null;
  };
  const schedule = () => {
    cancel = runtime.schedule(() => void look(), everyMs, { keepAlive: false });
  };
  schedule();
  return () => cancel();
}
