import { randomUUID } from "node:crypto";
import { defineGame, type GameId } from "@turnkeep/core";
import type { GameStateManager } from "@turnkeep/manager";
import * as z from "zod";

const schema = z.strictObject({
  gameId: z.string(),
  schemaVersion: z.literal(1),
  turn: z.int(),
  count: z.int(),
  said: z.array(z.string()),
  players: z.array(z.strictObject({ id: z.string(), name: z.string() })),
});

/** A game that counts. */
export const counterGame = defineGame({
  name: "counter-game",
  schema,
  schemaVersion: 1,
  idOf: ({ gameId }) => gameId,
  turnOf: ({ turn }) => turn,
  resultOf: () => null,
  playersOf: ({ players }) => players.map(({ id }) => id),
});

export type Counter = ReturnType<(typeof counterGame)["schema"]["parse"]>;

/** A new game of these players; each is called by an id with a capital letter. */
export async function newCounter(
  manager: Pick<GameStateManager<Counter, null>, "createGame">,
  playerIds: readonly string[],
): Promise<GameId> {
  const gameId = randomUUID();
  const players = playerIds.map((id) => ({ id, name: nameOf(id) }));
  await manager.createGame(
    { gameId, schemaVersion: 1, turn: 1, count: 0, said: [], players },
    { gameType: "counting", playerIds },
  );
  return gameId;
}

export const nameOf = (id: string): string => `Name of ${id.toUpperCase()}`;
