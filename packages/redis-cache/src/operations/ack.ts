import { type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import { timeoutOf } from "../connection/connection.js";
import { raceAgainst } from "../connection/race-against.js";
import type { Context, GameCall } from "../context.js";
import { aborted } from "../errors.js";
import { copyKeys } from "./texts.js";

/** ACK: the store has this version, and the log up to `logCount`. Those made in the same breath share a call. */
export async function ack(
  context: Context,
  gameId: GameId,
  version: Version,
  logCount: number,
  { signal }: CacheCallOptions = {},
): Promise<"ok" | "newer"> {
  const { acks, keyring, settings } = context;
  if (signal?.aborted) throw aborted("notDone");
  const keys = keyring.of(gameId);
  const game = { keys, args: [gameId, lineageOf(version), revisionOf(version), logCount] };
  const acked = acks.join(keys.index, game, (games) => ackAll(context, games));
  const timeoutMs = timeoutOf(settings, "small");
  const reply = await (signal ? raceAgainst(settings.runtime, acked, { timeoutMs, signal }) : acked);
  return String(reply) === "OK" ? "ok" : "newer";
}

/** Of games that share an index. */
function ackAll({ flusher, settings }: Context, games: readonly GameCall[]) {
  const args = [...games.flatMap((game) => game.args), settings.ttlMs];
  return flusher.run("ack", copyKeys(...games.map(({ keys }) => keys)), args);
}
