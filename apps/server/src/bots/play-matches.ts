import { randomUUID } from "node:crypto";
import type { Logger } from "@turnkeep/manager";
import { pause } from "@turnkeep/service-kit";
import { ApiClient, Refused, type SeenGame } from "./api-client.js";
import type { BotsConfig } from "./config.js";
import { playGame } from "./play-game.js";
import { type Seats, takeSeats } from "./seats.js";

/** Two bots play match after match until the signal fires; a match that was left unfinished is finished first. */
export async function playMatches(config: BotsConfig, logger: Logger, signal: AbortSignal): Promise<void> {
  const api = new ApiClient(config.serverUrl.replace(/\/$/, ""), signal);
  while (!signal.aborted) {
    try {
      const seats = await takeSeats(api, config.dataDir);
      const gameId = (await unfinishedMatch(api, seats)) ?? (await newMatch(api, seats)).gameId;
      logger.info({ gameId }, "a match goes on");
      await Promise.all(seats.map((seat) => playGame(api, seat, gameId, config, signal)));
      if (signal.aborted) return;
      const { view } = await api.view(seats[0].token, gameId);
      logger.info({ gameId, turns: view.turnNumber, reason: view.result?.reason }, "a match is over");
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, code: error instanceof Refused ? error.code : undefined }, "a match was given up");
    }
    await pause(config.matchPauseMs, signal);
  }
}

async function unfinishedMatch(api: ApiClient, [one, other]: Seats): Promise<string | null> {
  const games = await api.activeGames(one.token);
  const match = games.find(({ status, playerIds }) => status === "live" && playerIds.includes(other.playerId));
  return match?.gameId ?? null;
}

function newMatch(api: ApiClient, [one, other]: Seats): Promise<SeenGame> {
  const invitation = { opponentId: other.playerId, name: one.name, opponentName: other.name };
  return api.create(one.token, { writeId: randomUUID(), ...invitation });
}
