import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, PageRead, ReadReply, ReadRequest } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";

/** READ: the served copy, or, with a token, the beginning of a load. */
export function read(
  { space, tokenTtlMs, check }: Context,
  gameId: GameId,
  { known, token }: ReadRequest = {},
  options?: CacheCallOptions,
): ReadReply {
  check(options, gameId);
  const copy = space.copy(gameId);
  const isServed = copy !== undefined && copy.epoch === space.epoch;
  if (isServed && known === versionOf(copy)) return { kind: "same" };
  if (isServed) {
    const { status, state, rulesVersion } = copy;
    return { kind: "hit", copy: { gameId, status, version: versionOf(copy), state, rulesVersion } };
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
