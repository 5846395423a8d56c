import type { Outcome } from "@turnkeep/core";
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
  declare rulesVersion: CreationOptional<number>;
  /** JSON text. */
  declare metadata: CreationOptional<string | null>;
  declare metadataVersion: CreationOptional<string>;
  /** JSON text; `null` in a tombstone. */
  declare state: string | null;
  declare schemaVersion: number;
  /** In ms of service time; `null` if no deadline applies. */
  declare dueAt: CreationOptional<string | null>;
  declare writeIds: string;
  declare logCount: string;
  declare outcome: Outcome | null;
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
  rulesVersion: { type: DataTypes.INTEGER, allowNull: false },
  metadata: DataTypes.TEXT,
  metadataVersion: { type: DataTypes.BIGINT, allowNull: false },
  state: DataTypes.TEXT,
  schemaVersion: { type: DataTypes.INTEGER, allowNull: false },
  dueAt: DataTypes.BIGINT,
  writeIds: { type: DataTypes.TEXT, allowNull: false },
  logCount: { type: DataTypes.BIGINT, allowNull: false },
  outcome: DataTypes.JSON,
  quarantineReason: DataTypes.TEXT,
  quarantined: DataTypes.BLOB,
  startedAt: { type: DataTypes.DATE(6), allowNull: false },
  lastActionAt: { type: DataTypes.DATE(6), allowNull: false },
  closedAt: DataTypes.DATE(6),
});

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

/** A finished game under its game's id, for an application's own queries and reports. */
export class GameHistory extends Model<InferAttributes<GameHistory>, InferCreationAttributes<GameHistory>> {
  declare gameId: string;
  declare gameType: "campaign" | "freeplay" | "ranked";
  declare playerIds: string[];
  declare npcId: string | null;
  declare outcome: Outcome;
  declare rulesVersion: CreationOptional<number>;
  declare turnCount: number;
  /** Text, as all 64-bit numbers. */
  declare durationSeconds: string;
  declare incomplete: boolean;
  /** The replay, parsed; `readReplay` of the store gives its bytes. */
  declare replayData: unknown;
  /** JSON text. */
  declare metadata: CreationOptional<string | null>;
  declare playedAt: Date;
  declare endedAt: Date;
}

export const gameHistoryAttributes = () => ({
  gameId: { type: DataTypes.UUID, primaryKey: true },
  gameType: { type: DataTypes.TEXT, allowNull: false },
  playerIds: { type: DataTypes.ARRAY(DataTypes.TEXT), allowNull: false },
  npcId: DataTypes.TEXT,
  outcome: { type: DataTypes.JSON, allowNull: false },
  rulesVersion: { type: DataTypes.INTEGER, allowNull: false },
  turnCount: { type: DataTypes.INTEGER, allowNull: false },
  durationSeconds: { type: DataTypes.BIGINT, allowNull: false },
  incomplete: { type: DataTypes.BOOLEAN, allowNull: false },
  replayData: { type: DataTypes.JSON, allowNull: false },
  metadata: DataTypes.TEXT,
  playedAt: { type: DataTypes.DATE(6), allowNull: false },
  endedAt: { type: DataTypes.DATE(6), allowNull: false },
});

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
