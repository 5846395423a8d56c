import { DataTypes, type InferAttributes, type InferCreationAttributes, Model } from "sequelize";

/** Which finished games a player took part in, in the order of their end. */
export class GameHistoryPlayer extends Model<
  InferAttributes<GameHistoryPlayer>,
  InferCreationAttributes<GameHistoryPlayer>
> {
  declare playerId: string;
  declare endedAt: Date;
  declare gameId: string;
}

export const gameHistoryPlayerAttributes = () => ({
  playerId: { type: DataTypes.TEXT, primaryKey: true },
  endedAt: { type: DataTypes.DATE(6), primaryKey: true },
  gameId: { type: DataTypes.UUID, primaryKey: true },
});
