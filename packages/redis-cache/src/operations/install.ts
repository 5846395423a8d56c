import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, GameCopy, InstallReply, PageInstall } from "@turnkeep/core/ports";
import type { Reply, ScriptCall } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { copyKeys, rowArguments, textAt, versionAt } from "./texts.js";

/** INSTALL: makes a freshly fenced row the served copy, for the one load that the token names. */
export async function install(
  context: Context,
  gameId: GameId,
  token: string,
  row: GameCopy,
  options?: CacheCallOptions,
): Promise<InstallReply> {
  const { keys, args } = installCall(context, gameId, token, row);
  return installed(context, gameId, await context.commands.run("install", keys, args, options?.signal));
}

/** INSTALL of many games in one go. */
export async function installPage(
  context: Context,
  installs: readonly PageInstall[],
  options?: CacheCallOptions,
): Promise<readonly InstallReply[]> {
  const calls = installs.map(({ token, row }) => installCall(context, row.gameId, token, row));
  const replies = await context.flusher.runMany("install", calls, options?.signal);
  return replies.map((reply, n) => installed(context, installs[n]?.row.gameId ?? "", reply));
}

function installCall({ keyring, settings }: Context, gameId: GameId, token: string, row: GameCopy): ScriptCall {
  return { keys: copyKeys(keyring.of(gameId)), args: [gameId, token, settings.ttlMs, ...rowArguments(row)] };
}

function installed({ keyring, dirtyParts }: Context, gameId: GameId, reply: Reply): InstallReply {
  switch (textAt(reply, 0)) {
    case "OK": {
      const keptUnverified = textAt(reply, 2) === "1";
      // A copy that was kept may be dirty, and is due now then.
      if (keptUnverified) dirtyParts?.note(keyring.tagOf(keyring.of(gameId).index), 0);
      return { kind: "ok", version: versionAt(reply, 1), keptUnverified };
    }
    case "PRESENT":
      return { kind: "present" };
    default:
      return { kind: "tokenLost" };
  }
}
