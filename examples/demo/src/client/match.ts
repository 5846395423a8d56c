import { randomUUID } from "node:crypto";
import type { Operation } from "../check/operation.js";
import { fork, type Random } from "../random.js";
import { Player } from "./player.js";
import { tokenFor } from "./token.js";

export interface MatchOptions {
  readonly serverUrl: string;
  readonly jwtSecret: string;
  readonly random: Random;
  readonly onOperation: (operation: Operation) => void;
}

/** Two new players and one game between them; its id if a player saw it end, else `null`. */
export async function playMatch(options: MatchOptions, signal: AbortSignal): Promise<string | null> {
  const [inviting, invited] = [newPlayer(options), newPlayer(options)];
  const gameId = await inviting.invite(invited.playerId, signal);
  if (gameId === null) return null;
  const saw = await Promise.all([inviting.play(gameId, signal), invited.play(gameId, signal)]);
  return saw.includes(true) ? gameId : null;
}

function newPlayer({ serverUrl, jwtSecret, random, onOperation }: MatchOptions): Player {
  const playerId = randomUUID();
  return new Player({ playerId, token: tokenFor(playerId, jwtSecret), serverUrl, random: fork(random), onOperation });
}
