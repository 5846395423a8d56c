import { type GameId, lineageOf, revisionOf, type Version } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import { timeoutOf } from "../connection/connection.js";
import { JoinedCalls } from "../connection/joined-calls.js";
import { raceAgainst } from "../connection/race-against.js";
import type { Reply, ScriptArguments } from "../connection/run-script.js";
import type { Context, Joinable } from "../context.js";
import { aborted } from "../errors.js";
import type { GameKeys } from "../keys.js";

/** One game that is flushed, as the script takes it. */
export interface FlushedGame {
  readonly keys: GameKeys;
  readonly args: ScriptArguments;
}

/** ACK: the store has this version, and the log up to `logCount`. */
export async function ack(
  { acks, keyring, settings }: Context,
  gameId: GameId,
  version: Version,
  logCount: number,
  { signal }: CacheCallOptions = {},
): Promise<"ok" | "newer"> {
  if (signal?.aborted) throw aborted("notDone");
  const keys = keyring.of(gameId);
  const acked = acks.join(keys.index, { keys, args: [gameId, lineageOf(version), revisionOf(version), logCount] });
  const timeoutMs = timeoutOf(settings, "small");
  const reply = await (signal ? raceAgainst(settings.runtime, acked, { timeoutMs, signal }) : acked);
  return String(reply) === "OK" ? "ok" : "newer";
}

const acksACall = 1_000;

/** Acknowledgements made in the same breath share a call. */
export const joinedAcks = ({ flusher, settings }: Joinable): JoinedCalls<FlushedGame, Reply[number]> =>
  new JoinedCalls((games) => {
    const keys = games.flatMap(({ keys: { state, metadata, tail } }) => [state, metadata, tail]);
    const shared = games.slice(0, 1).flatMap(({ keys: { index, deployment } }) => [index, deployment]);
    const args = [...games.flatMap((game) => game.args), settings.ttlMs];
    return flusher.run("ack", [...keys, ...shared], args);
  }, acksACall);
