import type { Base } from "../context.js";
import { evict } from "./evict.js";

/**
 * Quarantines a live or ended game: the store keeps what could not be read or stored, with the reason, until an operator
 * decides; then the copy is evicted. False if the store has no such game any more; then nothing is evicted.
 * @throws StoreUnavailable
 */
export async function quarantine(base: Base, gameId: string, reason: string, unreadable: string): Promise<boolean> {
  if (!(await base.store.quarantine(gameId, reason, new TextEncoder().encode(unreadable)))) return false;
  await evict(base, gameId);
  base.events.emit("state:quarantined", { gameId, reason });
  base.log.error({ gameId, reason }, "a game was quarantined: its document cannot be read or stored");
  return true;
}
