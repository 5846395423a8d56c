import type { GameId } from "@turnkeep/core";
import type { ActiveGame, CacheCallOptions, InstallReply, PageInstall } from "@turnkeep/core/ports";
import { asReply, type Reply, type ScriptCall } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { callsOf, copyKeys, rowArguments, textAt, versionAt } from "./texts.js";

/**
 * INSTALL: makes a freshly fenced row the served copy, for the one load that the token names. Those made in the same breath
 * share a call.
 */
export async function install(
  context: Context,
  gameId: GameId,
  token: string,
  row: ActiveGame,
  options?: CacheCallOptions,
): Promise<InstallReply> {
  const { commands, installs, keyring } = context;
  const asked = { token, row: { ...row, gameId } };
  const send = (some: readonly PageInstall[], signal?: AbortSignal) => {
    const { keys, args } = installCall(context, some);
    return commands.run("install", keys, args, signal);
  };
  const reply = await installs.join(keyring.of(gameId).index, asked, send, options?.signal);
  return installed(context, gameId, asReply(reply));
}

/** INSTALL of many games in one go. */
export async function installPage(
  context: Context,
  installs: readonly PageInstall[],
  options?: CacheCallOptions,
): Promise<readonly InstallReply[]> {
  const calls = callsOf(context, installs, (games) => installCall(context, games));
  const replies = await context.flusher.runMany("install", calls, options?.signal);
  return replies.flat().map((reply, n) => installed(context, installs[n]?.row.gameId ?? "", asReply(reply)));
}

/** One call for games that share an index. */
function installCall({ keyring, settings }: Context, installs: readonly PageInstall[]): ScriptCall {
  return {
    keys: copyKeys(...installs.map(({ row }) => keyring.of(row.gameId))),
    args: [settings.ttlMs, ...installs.flatMap(({ token, row }) => [row.gameId, token, ...rowArguments(row)])],
  };
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
