import { type Runtime, sleep } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import type { Logger } from "@turnkeep/manager";

interface IdentityOptions {
  readonly cache: Pick<Cache, "identity">;
  readonly logger: Logger;
  readonly runtime: Pick<Runtime, "schedule">;
  /** Called once each time that the cache holds something else than at the look before. */
  readonly onOther: () => void;
}

const everyMs = 1_000;

/**
 * Looks every second whether the cache still holds what it held, since it may be emptied or replaced while no connection
 * breaks. Resolves once the signal fires; never rejects: a cache that does not answer is asked again.
 */
export async function watchIdentity(
  { cache, logger, runtime, onOther }: IdentityOptions,
  signal: AbortSignal,
): Promise<void> {
  let known: string | null = null;
  while (!signal.aborted) {
    try {
      const held = await cache.identity({ signal });
      if (known !== null && held !== known) {
        logger.warn({}, "the cache was emptied or replaced: recovering what is live");
        onOther();
      }
      known = held;
    } catch (error) {
      logger.debug({ err: error }, "what the cache holds is not known");
    }
    await sleep(runtime, everyMs, { signal });
  }
}
