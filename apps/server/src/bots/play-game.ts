import { randomUUID } from "node:crypto";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { pause } from "@turnkeep/service-kit";
import { type ApiClient, Refused, type Token } from "./api-client.js";
import type { BotsConfig } from "./config.js";
import { GameFeed } from "./game-feed.js";

/** A bot asks for itself if nothing was pushed for so long. */
const askAfterMs = 10_000;

/** Plays one player's side until the game is over or the signal fires. Never concedes. */
export async function playGame(
  api: ApiClient,
  { token }: Token,
  gameId: string,
  config: BotsConfig,
  signal: AbortSignal,
): Promise<void> {
  const feed = new GameFeed({ url: config.serverUrl, token, gameId });
  try {
    feed.offer(await api.view(token, gameId));
    while (!signal.aborted) {
      const seen = feed.latest;
      if (seen === null || seen.version === null || seen.status !== "live") return;
      const action = chooseActionFromView(seen.view);
      if (action === null) {
        await feed.next(askAfterMs, signal);
        if (feed.latest === seen && !signal.aborted) feed.offer(await api.view(token, gameId));
        continue;
      }
      await pause(config.actionPauseMs, signal);
      if (feed.latest !== seen) continue;
      const write = { writeId: randomUUID(), expectedVersion: seen.version, action };
      feed.offer(await act(api, token, gameId, write));
    }
  } finally {
    feed.close();
  }
}

/** What the player sees after the action; after a refusal, for whatever reason, what is so instead. */
async function act(api: ApiClient, token: string, gameId: string, write: Parameters<ApiClient["act"]>[2]) {
  try {
    return await api.act(token, gameId, write);
  } catch (error) {
    if (!(error instanceof Refused) || error.status === 401) throw error;
    return api.view(token, gameId);
  }
}
