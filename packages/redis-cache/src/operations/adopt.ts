import type { Fence, GameId } from "@turnkeep/core";
import type { CacheCallOptions } from "@turnkeep/core/ports";
import type { Context } from "../context.js";

/** ADOPT: takes a newer fence for a lineage that is still the one served; the version stays. */
export async function adopt(
  { flusher, keyring }: Context,
  gameId: GameId,
  lineage: string,
  fence: Fence,
  options?: CacheCallOptions,
): Promise<void> {
  const { state, header, deployment } = keyring.of(gameId);
  await flusher.run("adopt", [state, header, deployment], [lineage, fence], options?.signal);
}
