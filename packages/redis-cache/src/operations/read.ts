import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import { asReply, type Reply, type ScriptCall } from "../connection/run-script.js";
import type { Context, GameCall } from "../context.js";
import { callsOf, ownKeys, rulesVersionOf, statusOf, textAt, versionAt } from "./texts.js";

/** READ: the served copy, or the beginning of a load in the same round trip. Those made in the same breath share a call. */
export async function read(
  context: Context,
  gameId: GameId,
  { known, knownMetadata = "0", token = "" }: ReadRequest = {},
  options?: CacheCallOptions,
): Promise<ReadReply> {
  const keys = context.keyring.of(gameId);
  const game = { keys, args: [known === undefined ? "" : `${known}/${knownMetadata}`, token] };
  const send = (games: readonly GameCall[], signal?: AbortSignal) => {
    const call = readCall(context, games);
    return context.commands.run("read", call.keys, call.args, signal);
  };
  const reply = await context.reads.join(keys.index, game, send, options?.signal);
  return toReadReply(gameId, asReply(reply));
}

/** In place of a version: the caller takes any that is served. */
const anyVersion = "*";

/** READ of many games in one go: whether a copy is served, or the beginning of a load. */
export async function readPage(
  context: Context,
  requests: readonly PageRead[],
  options?: CacheCallOptions,
): Promise<readonly ("served" | "miss" | "unverified")[]> {
  const calls = callsOf(context, requests, (games) => {
    const asked = games.map(({ gameId, token = "" }) => ({
      keys: context.keyring.of(gameId),
      args: [anyVersion, token],
    }));
    return readCall(context, asked);
  });
  const replies = await context.flusher.runMany("read", calls, options?.signal);
  return replies.flat().map((reply, n) => {
    const { kind } = toReadReply(requests[n]?.gameId ?? "", asReply(reply));
    return kind === "miss" || kind === "unverified" ? kind : "served";
  });
}

/** One call for games that share an index. */
function readCall({ settings }: Context, games: readonly GameCall[]): ScriptCall {
  return {
    keys: [...games.flatMap(({ keys }) => ownKeys(keys)), games[0]?.keys.deployment ?? ""],
    args: [settings.advanced.tokenTtlMs, ...games.flatMap(({ args }) => args)],
  };
}

function toReadReply(gameId: GameId, reply: Reply): ReadReply {
  switch (textAt(reply, 0)) {
    case "HIT": {
      const copy = {
        gameId,
        version: versionAt(reply, 1),
        status: statusOf(textAt(reply, 2)),
        state: textAt(reply, 3),
        rulesVersion: rulesVersionOf(textAt(reply, 4)),
        metadataVersion: textAt(reply, 5),
        metadata: textAt(reply, 6) || null,
      };
      return { kind: "hit", copy };
    }
    case "SAME":
      return { kind: "same" };
    case "UNVERIFIED":
      return { kind: "unverified" };
    default:
      return { kind: "miss" };
  }
}
