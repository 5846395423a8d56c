import { DataTypes, type InferAttributes, type InferCreationAttributes, Model } from "sequelize";

/** An entry of an active game's log; number 0 is the initial state. */
export class GameLogEntry extends Model<InferAttributes<GameLogEntry>, InferCreationAttributes<GameLogEntry>> {
  declare gameId: string;
  declare seq: string;
  /** JSON text. */
  declare entry: string;
}

export const gameLogEntryAttributes = () => ({
  gameId: { type: DataTypes.UUID, primaryKey: true },
  seq: { type: DataTypes.BIGINT, primaryKey: true },
  entry: { type: DataTypes.TEXT, allowNull: false },
});
