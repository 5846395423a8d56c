import type { UnflushedCopy } from "@turnkeep/core/ports";
import type { Base } from "../context.js";
import { evict } from "./evict.js";

/**
 * Sets a live or ended game aside, with the whole copy that could not be kept as JSON, and evicts the copy; false
 * where the store has no such game any more. An operator decides what becomes of it.
 */
export async function quarantineCopy(base: Base, copy: UnflushedCopy, reason: string): Promise<boolean> {
  const { gameId } = copy;
  const done = await base.store.quarantine(gameId, reason, new TextEncoder().encode(JSON.stringify(copy)));
  if (!done) return false;
  await evict(base, gameId);
  reportQuarantine(base, gameId, reason);
  return true;
}

export function reportQuarantine(base: Pick<Base, "events" | "log">, gameId: string, reason: string): void {
  base.events.emit("state:quarantined", { gameId, reason });
  base.log.error({ gameId, reason }, "a game was set aside: its document cannot be read or kept");
}
