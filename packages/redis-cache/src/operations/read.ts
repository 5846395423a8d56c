import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import { asReply, type Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { callsOf, rulesVersionOf, statusOf, textAt, versionAt } from "./texts.js";

/** READ: the served copy, or the beginning of a load in the same round trip. */
export async function read(
  { commands, keyring, settings }: Context,
  gameId: GameId,
  { known, knownMetadata = "0", token }: ReadRequest = {},
  options?: CacheCallOptions,
): Promise<ReadReply> {
  const { state, header, tail, deployment } = keyring.of(gameId);
  const args = [known === undefined ? "" : `${known}/${knownMetadata}`, settings.advanced.tokenTtlMs, token ?? ""];
  const replies = await commands.run("read", [state, header, tail, deployment], args, options?.signal);
  return toReadReply(gameId, asReply(replies[0]));
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
    const keys = games.map(({ gameId }) => context.keyring.of(gameId));
    return {
      keys: [...keys.flatMap(({ state, header, tail }) => [state, header, tail]), keys[0]?.deployment ?? ""],
      args: [anyVersion, context.settings.advanced.tokenTtlMs, ...games.map(({ token = "" }) => token)],
    };
  });
  const replies = await context.flusher.runMany("read", calls, options?.signal);
  return replies.flat().map((reply, n) => {
    const { kind } = toReadReply(requests[n]?.gameId ?? "", asReply(reply));
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
