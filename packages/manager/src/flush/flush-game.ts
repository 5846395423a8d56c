import type { Version } from "@turnkeep/core";
import type { FlushItem, GameCopy } from "@turnkeep/core/ports";
import type { Base } from "../context.js";
import type { BatchOutcome } from "../process/batcher.js";
import { unlessAborted } from "../util/abort.js";
import { retryUntil } from "../util/retry.js";
import { type Applied, applyOutcome } from "./apply-outcome.js";

/**
 * Flushes one game, due or not, again after a changed fence or a fork: `clean` if there is nothing to flush (clean,
 * missing or unverified).
 * @param patienceMs how long to wait for another transaction that holds its row; default: briefly
 * @throws StoreUnavailable, CacheUnavailable, also if the copy keeps changing
 */
export async function flushGame(
  base: Base,
  gameId: string,
  signal?: AbortSignal | undefined,
  patienceMs?: number,
): Promise<Exclude<Applied, "again"> | "clean"> {
  return retryUntil({ runtime: base.runtime, gameId, signal }, async () => {
    const copy = await base.cache.claimGame(gameId, { onlyDirty: true }, { signal });
    if (copy === null) {
      base.unflushed.delete(gameId);
      return "clean";
    }
    const outcome = await unlessAborted(flushCopy(base, copy, patienceMs), signal, "unknown");
    return applyOutcome(base, copy, outcome);
  });
}

/** Sends one copy to the store, in a batch with others; an unreadable copy never replaces a sound row. */
export async function flushCopy(base: Base, item: FlushItem, patienceMs?: number): Promise<BatchOutcome> {
  if (isReadable(base.localCopies.versionOf(item.gameId), item)) return base.batcher.flush(item, patienceMs);
  return { gameId: item.gameId, kind: "refused", reason: "the cached document is not JSON" };
}

/** What this process wrote itself is JSON, so that the text is parsed only if another one wrote it. */
function isReadable(written: Version | undefined, { state, version }: GameCopy): boolean {
  if (written === version && state.startsWith("{") && state.endsWith("}")) return true;
  try {
    const document: unknown = JSON.parse(state);
    return typeof document === "object" && document !== null;
  } catch {
    return false;
  }
}
