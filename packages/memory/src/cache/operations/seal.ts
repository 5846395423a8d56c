import type { GameId } from "@turnkeep/core";
import type { CacheCallOptions, SealRequest, WriteReply } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { applyWrite } from "./write.js";

/** SEAL: as WRITE, and the game ends with this outcome. */
export function seal(context: Context, gameId: GameId, request: SealRequest, options?: CacheCallOptions): WriteReply {
  return applyWrite(context, gameId, request, request.outcome, options);
}
