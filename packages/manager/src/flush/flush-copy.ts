import type { Version } from "@turnkeep/core";
import type { FlushItem, GameCopy } from "@turnkeep/core/ports";
import type { Base } from "../context.js";
import type { BatchOutcome } from "../process/batcher.js";

/** Sends one copy to the store, in a batch with others; a copy that nobody could read never goes over a sound row. */
export async function flushCopy(base: Base, item: FlushItem): Promise<BatchOutcome> {
  if (isReadable(base.localCopies.versionOf(item.gameId), item)) return base.batcher.flush(item);
  return { gameId: item.gameId, kind: "refused", reason: "the cached document is not JSON" };
}

/** What this process wrote itself is JSON, so that the text is parsed only where another one wrote it. */
function isReadable(written: Version | undefined, { state, version }: GameCopy): boolean {
  if (written === version && state.startsWith("{") && state.endsWith("}")) return true;
  try {
    const document: unknown = JSON.parse(state);
    return typeof document === "object" && document !== null;
  } catch {
    return false;
  }
}
