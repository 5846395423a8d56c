import type { GameId, Version } from "@turnkeep/core";
import type { ReadReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { versionOf } from "../stored-copy.js";

/** READ: the served copy, or, with a token, the beginning of a load. */
export function read(
  { space, tokenTtlMs }: Context,
  gameId: GameId,
  { known, token }: { known?: Version | undefined; token?: string | undefined },
): ReadReply {
  const copy = space.copy(gameId);
  const isServed = copy !== undefined && copy.epoch === space.epoch;
  if (isServed && known === versionOf(copy)) return { kind: "same", status: copy.status };
  if (isServed) {
    const { status, state, logCount, outcome, lastActionAt } = copy;
    return { kind: "hit", copy: { gameId, status, version: versionOf(copy), state, logCount, outcome, lastActionAt } };
  }
  if (token !== undefined && token !== "") {
    // Beside an unverified copy the load lasts as long as that copy does; alone, only briefly.
    const expiresAt = copy === undefined ? space.now() + tokenTtlMs : null;
    space.beginLoad(gameId, { token, epoch: space.epoch, expiresAt });
  }
  return { kind: copy === undefined ? "miss" : "unverified", began: Boolean(token) };
}
