import { type CreationOptional, DataTypes, type InferAttributes, type InferCreationAttributes, Model } from "sequelize";

/**
 * A row of an active game, for an application's own queries and reports. Numbers past 2^53 come as text. Rows are
 * written by the store alone: a write through this model would pass by the fence.
 */
export class ActiveGame extends Model<InferAttributes<ActiveGame>, InferCreationAttributes<ActiveGame>> {
  declare id: string;
  declare status: "live" | "ended" | "archived" | "deleted" | "quarantined";
  declare lineage: string;
  declare revision: string;
  declare fence: string;
  declare turnNumber: number;
  declare gameType: "campaign" | "freeplay" | "ranked";
  declare playerIds: string[];
  declare npcId: string | null;
  declare rules: unknown;
  /** JSON text; `null` in a tombstone. */
  declare state: string | null;
  declare schemaVersion: number;
  /** In ms of service time; `null` where nobody can run out of time. */
  declare dueAt: CreationOptional<string | null>;
  declare writeIds: string;
  declare logCount: string;
  declare winnerId: string | null;
  declare winnerIsNpc: boolean | null;
  declare endReason: string | null;
  declare quarantineReason: string | null;
  declare quarantined: Buffer | null;
  declare startedAt: Date;
  declare lastActionAt: Date;
  /** When it was archived or deleted. */
  declare closedAt: CreationOptional<Date | null>;
}

export const activeGameAttributes = () => ({
  id: { type: DataTypes.UUID, primaryKey: true },
  status: { type: DataTypes.TEXT, allowNull: false },
  lineage: { type: DataTypes.BIGINT, allowNull: false },
  revision: { type: DataTypes.BIGINT, allowNull: false },
  fence: { type: DataTypes.BIGINT, allowNull: false },
  turnNumber: { type: DataTypes.INTEGER, allowNull: false },
  gameType: { type: DataTypes.TEXT, allowNull: false },
  playerIds: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
  npcId: DataTypes.TEXT,
  rules: { type: DataTypes.JSON, allowNull: false },
  state: DataTypes.TEXT,
  schemaVersion: { type: DataTypes.INTEGER, allowNull: false },
  dueAt: DataTypes.BIGINT,
  writeIds: { type: DataTypes.TEXT, allowNull: false },
  logCount: { type: DataTypes.BIGINT, allowNull: false },
  winnerId: DataTypes.UUID,
  winnerIsNpc: DataTypes.BOOLEAN,
  endReason: DataTypes.TEXT,
  quarantineReason: DataTypes.TEXT,
  quarantined: DataTypes.BLOB,
  startedAt: { type: DataTypes.DATE(6), allowNull: false },
  lastActionAt: { type: DataTypes.DATE(6), allowNull: false },
  closedAt: DataTypes.DATE(6),
});
