import { cardGame, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type GameStateManager, type ManagerOptions } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Address } from "./contender.js";

export type TurnkeepSettings = Omit<ManagerOptions<GameState, unknown, unknown>, "game" | "cache" | "store">;

/** One Turnkeep server's manager, with its defaults where the settings say nothing. */
export async function openTurnkeep(
  { redisUrl, databaseUrl, schema }: Address,
  settings: TurnkeepSettings = {},
): Promise<GameStateManager<GameState>> {
  const cache = createRedisCache({ url: redisUrl, keyPrefix: `${schema}:` });
  const store = createSqlStore({ url: databaseUrl, schema, migrateOnStart: true });
  const manager = createGameStateManager({ game: cardGame, cache, store, ...settings });
  await manager.start();
  return manager as GameStateManager<GameState>;
}

export const create = (manager: GameStateManager<GameState>, state: GameState) =>
  manager.createGame(state, { gameType: state.gameType, playerIds: state.turnOrder });
