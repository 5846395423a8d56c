import { type GameState, gameStateSchema } from "@turnkeep/game-state";
import { Redis } from "ioredis";
import { DataTypes, type Model, type ModelStatic, Sequelize } from "sequelize";
import type { Address } from "./contender.js";

interface GameRow {
  id: string;
  state: unknown;
  players: readonly string[];
}

/**
 * The design that is written first, with the usual libraries: the cache is SET blindly and validated when it is read,
 * a row is found and then saved by an ORM.
 */
export interface Naive {
  readonly redis: Redis;
  readonly games: ModelStatic<Model<GameRow>>;
  keyOf(gameId: string): string;
  set(state: GameState): Promise<unknown>;
  get(gameId: string): Promise<GameState>;
  save(state: GameState): Promise<void>;
  close(): Promise<void>;
}

export async function openNaive({ redisUrl, databaseUrl, schema }: Address): Promise<Naive> {
  const redis = new Redis(redisUrl);
  const sequelize = new Sequelize(databaseUrl, { logging: false, pool: { max: 4 } });
  const games = sequelize.define<Model<GameRow>>(
    "game",
    {
      id: { type: DataTypes.UUID, primaryKey: true },
      state: { type: DataTypes.JSONB, allowNull: false },
      players: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
    },
    { schema: `${schema}_plain`, tableName: "naive_games" },
  );
  await sequelize.query(`CREATE SCHEMA IF NOT EXISTS "${schema}_plain"`);
  await games.sync();
  const keyOf = (gameId: string) => `naive:${gameId}`;
  const set = (state: GameState) => redis.set(keyOf(state.gameId), JSON.stringify(state));
  return {
    redis,
    games,
    keyOf,
    set,
    get: async (gameId) => gameStateSchema.parse(JSON.parse((await redis.get(keyOf(gameId))) ?? "null")),
    async save(state) {
      await set(state);
      const found = await games.findByPk(state.gameId);
      if (found === null) await games.create({ id: state.gameId, state, players: state.turnOrder });
      else await found.update({ state });
    },
    async close() {
      redis.disconnect();
      await sequelize.close();
    },
  };
}
