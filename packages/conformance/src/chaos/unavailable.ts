import { TurnkeepError, type WriteFate } from "@turnkeep/core";

/** The error of a port that cannot answer, as its kind of adapter throws it: stores flush, caches do not. */
export function unavailable(port: object, fate: WriteFate): TurnkeepError {
  if ("flush" in port) return new TurnkeepError("StoreUnavailable", "the store does not answer", { fate });
  return new TurnkeepError("CacheUnavailable", "the cache does not answer", { fate });
}
