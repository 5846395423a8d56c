import { Refusal, requests } from "@turnkeep/api";
import type { Logger } from "@turnkeep/manager";
import { pause } from "@turnkeep/service-kit";
import type { BotsConfig } from "./config.js";
import { playGame } from "./play-game.js";
import { type Seat, type Seats, takeSeats } from "./seats.js";

/** Two bots play match after match until the signal fires; a match that was left unfinished is finished first. */
export async function playMatches(config: BotsConfig, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const seats = await takeSeats(config, signal);
      const gameId = (await unfinishedMatch(seats, signal)) ?? (await newMatch(seats, signal));
      logger.info({ gameId }, "a match goes on");
      await Promise.all(seats.map(({ api }) => playGame(api, gameId, config, signal)));
      if (signal.aborted) return;
      const { view } = await seats[0].api.askUntilAnswered(requests.getGame(gameId), { signal });
      logger.info({ gameId, turns: view.turnNumber, reason: view.result?.reason }, "a match is over");
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, code: error instanceof Refusal ? error.code : undefined }, "a match was given up");
    }
    await pause(config.matchPauseMs, signal);
  }
}

async function unfinishedMatch([one, other]: Seats, signal: AbortSignal): Promise<string | null> {
  const { items } = await one.api.askUntilAnswered(requests.listGames(), { signal });
  const match = items.find(({ status, playerIds }) => status === "live" && playerIds.includes(other.playerId));
  return match?.gameId ?? null;
}

async function newMatch([one, other]: readonly [Seat, Seat], signal: AbortSignal): Promise<string> {
  const { token } = await one.api.askUntilAnswered(requests.createInvite({ name: one.name }), { signal });
  const accept = requests.acceptInvite({ token, name: other.name });
  return (await other.api.askUntilAnswered(accept, { signal })).gameId;
}
