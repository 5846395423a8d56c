import { isTurnkeepError } from "@turnkeep/core";
import type { RowAt } from "@turnkeep/core/ports";
import type { Base } from "../context.js";

export type Eviction = "ok" | "absent" | "unreached";

/**
 * Deletes the copy of a game that is archived, deleted or quarantined in the store. The store has decided already, so
 * a cache that is away fails nothing here: its copy can write nothing any more, and a sweep evicts it later.
 */
export async function evict(base: Base, gameId: string): Promise<Eviction> {
  base.localCopies.forget(gameId);
  base.unflushed.delete(gameId);
  base.orphans.delete(gameId);
  try {
    const reply = await base.cache.evict(gameId);
    return reply === "ok" ? "ok" : "absent";
  } catch (error) {
    if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    base.events.emit("cache:unavailable", { error });
    base.log.warn({ gameId, err: error }, "the copy of a game that is gone could not be evicted yet");
    return "unreached";
  }
}

/**
 * Quarantines a live or ended game: the store keeps what could not be read or stored, with the reason, until an operator
 * decides; then the copy is evicted. False if the row has moved on since, or is gone; then nothing is evicted.
 * @throws StoreUnavailable
 */
export async function quarantine(base: Base, row: RowAt, reason: string, unreadable: string): Promise<boolean> {
  const { gameId } = row;
  if (!(await base.store.quarantine(row, reason, new TextEncoder().encode(unreadable)))) return false;
  await evict(base, gameId);
  base.events.emit("state:quarantined", { gameId, reason });
  base.log.error({ gameId, reason }, "a game was quarantined: its document cannot be read or stored");
  return true;
}
