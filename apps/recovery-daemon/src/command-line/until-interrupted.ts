import { isTurnkeepError } from "@turnkeep/core";
import { type EndStatus, endStatuses, type Host } from "./host.js";

/**
 * Does the work, and says how to go on with it if it was asked to stop.
 * @param goOn the flag to go on with, as known when the work was interrupted; `null` if it has to begin again
 */
export async function untilInterrupted(
  host: Pick<Host, "complain">,
  goOn: () => string | null,
  work: () => Promise<EndStatus>,
): Promise<EndStatus> {
  try {
    return await work();
  } catch (error) {
    if (!isTurnkeepError(error, "Aborted")) throw error;
    const flag = goOn();
    host.complain(`turnkeep: interrupted${flag === null ? " before it came to anything" : `; go on with ${flag}`}\n`);
    return endStatuses.failed;
  }
}
