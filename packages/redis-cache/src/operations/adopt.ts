import type { Fence, GameId, Version } from "@turnkeep/core";
import type { Context } from "../context.js";
import { textAt, versionAt } from "./texts.js";

/** ADOPT: takes a newer fence for a lineage that is still the one served; the version stays. */
export async function adopt(
  { flusher, keyring }: Context,
  gameId: GameId,
  lineage: string,
  fence: Fence,
  signal?: AbortSignal,
): Promise<Version | null> {
  const { state, metadata } = keyring.of(gameId);
  const reply = await flusher.run("adopt", [state, metadata], [lineage, fence], signal);
  return textAt(reply, 0) === "OK" ? versionAt(reply, 1) : null;
}
