import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import type { Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { statusOf, textAt, versionAt } from "./texts.js";

/** READ: the served copy, or the beginning of a load in the same round trip. */
export async function read(
  { commands, keyring, settings }: Context,
  gameId: GameId,
  { known, token }: ReadRequest = {},
  options?: CacheCallOptions,
): Promise<ReadReply> {
  const { state, metadata, tail, deployment } = keyring.of(gameId);
  const args = [known ?? "", token ?? "", settings.advanced.tokenTtlMs];
  return toReadReply(gameId, await commands.run("read", [state, metadata, tail, deployment], args, options?.signal));
}

/** In place of a version: the caller takes any that is served. */
const anyVersion = "*";

/** READ of many games in one go: whether a copy is served, or the beginning of a load. */
export async function readPage(
  { flusher, keyring, settings }: Context,
  requests: readonly PageRead[],
  options?: CacheCallOptions,
): Promise<readonly ("served" | "miss" | "unverified")[]> {
  const calls = requests.map(({ gameId, token = "" }) => {
    const { state, metadata, tail, deployment } = keyring.of(gameId);
    return { keys: [state, metadata, tail, deployment], args: [anyVersion, token, settings.advanced.tokenTtlMs] };
  });
  const replies = await flusher.runMany("read", calls, options?.signal);
  return replies.map((reply, n) => {
    const { kind } = toReadReply(requests[n]?.gameId ?? "", reply);
    return kind === "miss" || kind === "unverified" ? kind : "served";
  });
}

function toReadReply(gameId: GameId, reply: Reply): ReadReply {
  switch (textAt(reply, 0)) {
    case "HIT": {
      const copy = {
        gameId,
        version: versionAt(reply, 1),
        status: statusOf(textAt(reply, 2)),
        state: textAt(reply, 3),
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
