import { type CreationOptional, DataTypes, type InferAttributes, type InferCreationAttributes, Model } from "sequelize";

/** A finished game, for an application's own queries and reports. */
export class GameHistory extends Model<InferAttributes<GameHistory>, InferCreationAttributes<GameHistory>> {
  declare id: CreationOptional<string>;
  declare gameId: string;
  declare gameType: "campaign" | "freeplay" | "ranked";
  declare playerIds: string[];
  declare npcId: string | null;
  /** A user's id; `null` for draws and NPC wins. */
  declare winnerId: string | null;
  declare winnerIsNpc: boolean;
  declare endReason: string;
  declare turnCount: number;
  /** Text, as all 64-bit numbers. */
  declare durationSeconds: string;
  declare incomplete: boolean;
  /** The replay, parsed; `readReplay` of the store gives its bytes. */
  declare replayData: unknown;
  declare playedAt: Date;
  declare endedAt: Date;
}

export const gameHistoryAttributes = () => ({
  id: { type: DataTypes.UUID, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
  gameId: { type: DataTypes.UUID, allowNull: false },
  gameType: { type: DataTypes.TEXT, allowNull: false },
  playerIds: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
  npcId: DataTypes.TEXT,
  winnerId: DataTypes.UUID,
  winnerIsNpc: { type: DataTypes.BOOLEAN, allowNull: false },
  endReason: { type: DataTypes.TEXT, allowNull: false },
  turnCount: { type: DataTypes.INTEGER, allowNull: false },
  durationSeconds: { type: DataTypes.BIGINT, allowNull: false },
  incomplete: { type: DataTypes.BOOLEAN, allowNull: false },
  replayData: { type: DataTypes.JSON, allowNull: false },
  playedAt: { type: DataTypes.DATE(6), allowNull: false },
  endedAt: { type: DataTypes.DATE(6), allowNull: false },
});
