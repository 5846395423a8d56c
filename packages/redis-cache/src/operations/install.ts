import type { GameId } from "@turnkeep/core";
import type { ActiveGame, CacheCallOptions, InstallReply } from "@turnkeep/core/ports";
import type { Reply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import { copyKeys, rowArguments, textAt, versionAt } from "./texts.js";

/** INSTALL: makes a freshly fenced row the served copy, for the one load that the token names. */
export async function install(
  { commands, keyring, settings, dirtyParts }: Context,
  gameId: GameId,
  token: string,
  row: ActiveGame,
  options?: CacheCallOptions,
): Promise<InstallReply> {
  const keys = keyring.of(gameId);
  const args = [gameId, token, settings.ttlMs, ...rowArguments(row)];
  const reply = toInstallReply(await commands.run("install", copyKeys(keys), args, options?.signal));
  // A copy that was kept may be dirty, and is due now then.
  if (reply.kind === "ok" && reply.keptUnverified) dirtyParts?.note(keyring.tagOf(keys.index), 0);
  return reply;
}

function toInstallReply(reply: Reply): InstallReply {
  switch (textAt(reply, 0)) {
    case "OK":
      return { kind: "ok", version: versionAt(reply, 1), keptUnverified: textAt(reply, 2) === "1" };
    case "PRESENT":
      return { kind: "present" };
    default:
      return { kind: "tokenLost" };
  }
}
