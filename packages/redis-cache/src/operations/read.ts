import type { GameId, Version } from "@turnkeep/core";
import type { ReadReply } from "@turnkeep/core/ports";
import type { Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { outcomeOf, statusOf, textAt, versionAt } from "./texts.js";

/** READ: the served copy, or the beginning of a load in the same round trip. */
export async function read(
  { commands, keyring, settings }: Context,
  gameId: GameId,
  { known, token }: { known?: Version | undefined; token?: string | undefined },
  signal?: AbortSignal,
): Promise<ReadReply> {
  const { state, metadata, tail } = keyring.of(gameId);
  const args = [known ?? "", token ?? "", settings.tokenTtlMs];
  return toReadReply(gameId, await commands.run("read", [state, metadata, tail], args, signal), Boolean(token));
}

function toReadReply(gameId: GameId, reply: Reply, began: boolean): ReadReply {
  switch (textAt(reply, 0)) {
    case "HIT": {
      const copy = {
        gameId,
        version: versionAt(reply, 1),
        status: statusOf(textAt(reply, 2)),
        logCount: Number(textAt(reply, 3)),
        outcome: outcomeOf(textAt(reply, 4)),
        lastActionAt: Number(textAt(reply, 5)),
        state: textAt(reply, 6),
      };
      return { kind: "hit", copy };
    }
    case "SAME":
      return { kind: "same", status: statusOf(textAt(reply, 1)) };
    case "UNVERIFIED":
      return { kind: "unverified", began };
    default:
      return { kind: "miss", began };
  }
}
