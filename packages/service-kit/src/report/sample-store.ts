import type { CancelTimer, Runtime } from "@turnkeep/core";
import { repeat } from "../process/repeat.js";
import { answers } from "../stores/ping-stores.js";

/** Asks the store now and again and again, until the returned function is called. Where it does not answer, nothing changes. */
export function sampleStore(
  runtime: Pick<Runtime, "schedule">,
  everyMs: number,
  sample: (signal: AbortSignal) => Promise<void>,
): CancelTimer {
  const ask = () => void answers(sample, runtime);
  ask();
  return repeat(runtime, everyMs, ask);
}
