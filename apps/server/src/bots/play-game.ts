import { type ApiClient, LatestGame, Refusal, requests } from "@turnkeep/api";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { systemRuntime } from "@turnkeep/core";
import { pause } from "@turnkeep/service-kit";
import type { BotsConfig } from "./config.js";

/** A bot asks for itself if nothing was pushed for so long. */
const askAfterMs = 10_000;

/** Plays one player's side until the game is over or the signal fires. Never concedes. */
export async function playGame(api: ApiClient, gameId: string, config: BotsConfig, signal: AbortSignal): Promise<void> {
  const see = () => api.askUntilAnswered(requests.getGame(gameId), { signal });
  const latest = new LatestGame(await see());
  const socket = api.openSocket();
  socket.watch(gameId, { view: (game) => latest.offer(game) });
  try {
    while (!signal.aborted) {
      const game = latest.current;
      if (game.version === null || game.status !== "live") return;
      const action = chooseActionFromView(game.view);
      if (action === null) {
        await latest.next(askAfterMs, signal);
        if (latest.current === game && !signal.aborted) latest.offer(await see());
        continue;
      }
      await pause(config.actionPauseMs, signal);
      if (latest.current !== game) continue;
      const act = requests.act(gameId, { writeId: systemRuntime.randomId(), expectedVersion: game.version, action });
      latest.offer(await api.askUntilAnswered(act, { signal }).catch((error) => afterRefusal(error, see)));
    }
  } finally {
    socket.close();
  }
}

/** After a refusal for any reason but the token, what is so instead. */
function afterRefusal<T>(error: unknown, see: () => Promise<T>): Promise<T> {
  if (!(error instanceof Refusal) || error.status === 401) throw error;
  return see();
}
