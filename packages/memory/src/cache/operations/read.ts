import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";

/** READ: the served copy, or, with a token, the beginning of a load. */
export function read(
  { space, tokenTtlMs, check }: Context,
  gameId: GameId,
  { known, knownMetadata = "0", token }: ReadRequest = {},
  options?: CacheCallOptions,
): ReadReply {
  check(options, gameId);
  const copy = space.copy(gameId);
  const isServed = copy !== undefined && copy.epoch === space.epoch;
  if (isServed && known === versionOf(copy) && knownMetadata === copy.metadataVersion) return { kind: "same" };
  if (isServed) {
    const { status, state, rulesVersion, metadata, metadataVersion } = copy;
    const served = { gameId, status, version: versionOf(copy), state, rulesVersion, metadata, metadataVersion };
    return { kind: "hit", copy: served };
  }
  if (token !== undefined && token !== "") {
    // Beside an unverified copy the load lasts as long as that copy does; alone, only briefly.
    const expiresAt = copy === undefined ? space.now() + tokenTtlMs : null;
    space.beginLoad(gameId, { token, epoch: space.epoch, expiresAt });
  }
  return { kind: copy === undefined ? "miss" : "unverified" };
}

/** READ of many games. */
export function readPage(
  context: Context,
  requests: readonly PageRead[],
  options?: CacheCallOptions,
): readonly ("served" | "miss" | "unverified")[] {
  return requests.map(({ gameId, token }) => {
    const { kind } = read(context, gameId, { token }, options);
    return kind === "miss" || kind === "unverified" ? kind : "served";
  });
}
