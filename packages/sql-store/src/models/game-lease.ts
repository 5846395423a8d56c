import { DataTypes, type InferAttributes, type InferCreationAttributes, Model } from "sequelize";

/** Who does a piece of shared work, and until when by Postgres's clock. */
export class GameLease extends Model<InferAttributes<GameLease>, InferCreationAttributes<GameLease>> {
  declare name: string;
  declare holder: string;
  declare expiresAt: Date;
}

export const gameLeaseAttributes = () => ({
  name: { type: DataTypes.TEXT, primaryKey: true },
  holder: { type: DataTypes.TEXT, allowNull: false },
  expiresAt: { type: DataTypes.DATE(6), allowNull: false },
});
