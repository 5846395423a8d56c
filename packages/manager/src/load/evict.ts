import { isTurnkeepError } from "@turnkeep/core";
import type { Base } from "../context.js";

export type Burial = "ok" | "absent" | "unreached";

/**
 * Deletes the copy of a game that is archived, deleted or set aside in the store. The store has decided already, so
 * a cache that is away fails nothing here: its copy can write nothing any more, and a sweep buries it later.
 */
export async function bury(base: Base, gameId: string): Promise<Burial> {
  base.hot.forget(gameId);
  base.unflushed.delete(gameId);
  try {
    const reply = await base.cache.bury(gameId);
    return reply === "ok" ? "ok" : "absent";
  } catch (error) {
    if (!isTurnkeepError(error, "CacheUnavailable")) throw error;
    base.events.emit("cache:unavailable", { error });
    base.log.warn({ gameId, err: error }, "the copy of a game that is gone could not be buried yet");
    return "unreached";
  }
}

/** Raises the alarm for a copy without a row. It is kept: nobody else has it. */
export function reportOrphan(base: Base, gameId: string): void {
  base.events.emit("flush:orphan", { gameId });
  base.log.error({ gameId }, "a cached game has no row in the store; its copy is kept");
}
