import { type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import { timeoutOf } from "../connection/connection.js";
import { raceAgainst } from "../connection/race-against.js";
import type { Context } from "../context.js";
import { aborted } from "../errors.js";

/** ACK: the store has this version, and the log up to `logCount`. */
export async function ack(
  { acks, keyring, settings }: Context,
  gameId: GameId,
  version: Version,
  logCount: number,
  { signal }: CacheCallOptions = {},
): Promise<"ok" | "newer"> {
  if (signal?.aborted) throw aborted("notDone");
  const args = [gameId, lineageOf(version), revisionOf(version), logCount];
  const acked = acks.join({ keys: keyring.of(gameId), args });
  const timeoutMs = timeoutOf(settings, "small");
  const reply = await (signal ? raceAgainst(settings.runtime, acked, { timeoutMs, signal }) : acked);
  return reply === "OK" ? "ok" : "newer";
}
