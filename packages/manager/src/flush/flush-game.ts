import type { UnflushedCopy } from "@turnkeep/core/ports";
import type { Base } from "../context.js";
import { unlessAborted } from "../util/abort.js";
import { type Settled, settle } from "./apply-outcome.js";
import { flushCopy } from "./flush-copy.js";

/** How often one game is claimed and flushed again after a changed fence or a fork. */
export const flushAttempts = 10;

/**
 * Flushes one game, due or not: `clean` where there is nothing to flush (clean, missing or unverified), `again` where the
 * copy kept changing under it.
 * @throws StoreUnavailable, CacheUnavailable
 */
export async function flushGame(
  base: Base,
  gameId: string,
  signal?: AbortSignal | undefined,
): Promise<Settled | "clean"> {
  for (let attempt = 0; attempt < flushAttempts; attempt++) {
    const copy = await base.cache.claimGame(gameId, { onlyDirty: true }, { signal });
    if (copy === null) {
      base.unflushed.delete(gameId);
      return "clean";
    }
    const settled = await flushOnce(base, copy, signal);
    if (settled !== "again") return settled;
  }
  return "again";
}

async function flushOnce(base: Base, copy: UnflushedCopy, signal: AbortSignal | undefined): Promise<Settled> {
  const outcome = await unlessAborted(flushCopy(base, copy), signal, "unknown");
  return settle(base, copy, outcome);
}
