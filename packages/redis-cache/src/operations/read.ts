import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import { asReply, type Reply, type ScriptCall } from "../connection/run-script.js";
import type { Context, GameCall } from "../context.js";
import { callsOf, rulesVersionOf, statusOf, textAt, versionAt } from "./texts.js";

/** READ: the served copy, or the beginning of a load in the same round trip. */
export async function read(
  context: Context,
  gameId: GameId,
  { known, knownMetadata = "0", token = "" }: ReadRequest = {},
  options?: CacheCallOptions,
): Promise<ReadReply> {
  const keys = context.keyring.of(gameId);
  const game = { keys, args: [known === undefined ? "" : `${known}/${knownMetadata}`, token] };
  const run = ({ keys, args }: ScriptCall, signal?: AbortSignal) => context.commands.run("read", keys, args, signal);
  const signal = options?.signal;
  // Those made in the same breath share a call, but for those that can be aborted.
  const reply = signal
    ? (await run(readCall(context, [game]), signal))[0]
    : await context.reads.join(keys.index, game, (games) => run(readCall(context, games)));
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
    keys: [
      ...games.flatMap(({ keys: { state, header, tail } }) => [state, header, tail]),
      games[0]?.keys.deployment ?? "",
    ],
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
