import type { Sequelize } from "sequelize";
import {
  ActiveGame,
  activeGameAttributes,
  GameHistory,
  GameHistoryPlayer,
  GameLease,
  GameLogEntry,
  gameHistoryAttributes,
  gameHistoryPlayerAttributes,
  gameLeaseAttributes,
  gameLogEntryAttributes,
} from "./models.js";
import { tableNames } from "./tables.js";

/** The models of one store. Each is a class of its own, so that stores in several schemas live side by side. */
export interface Models {
  readonly ActiveGame: typeof ActiveGame;
  readonly GameHistory: typeof GameHistory;
  readonly GameHistoryPlayer: typeof GameHistoryPlayer;
  readonly GameLogEntry: typeof GameLogEntry;
  readonly GameLease: typeof GameLease;
}

/** Binds the models to a Sequelize and a schema; connects to nothing, and never creates a table. */
export function defineModels(sequelize: Sequelize, schema: string): Models {
  const at = (tableName: string) => ({ sequelize, schema, tableName, timestamps: false, underscored: true });
  const named = (name: string) => ({ modelName: `${schema}.${name}` });
  return Object.freeze({
    ActiveGame: class extends ActiveGame {}.init(activeGameAttributes(), {
      ...at(tableNames.games),
      ...named("ActiveGame"),
    }),
    GameHistory: class extends GameHistory {}.init(gameHistoryAttributes(), {
      ...at(tableNames.history),
      ...named("GameHistory"),
    }),
    GameHistoryPlayer: class extends GameHistoryPlayer {}.init(gameHistoryPlayerAttributes(), {
      ...at(tableNames.historyPlayers),
      ...named("GameHistoryPlayer"),
    }),
    GameLogEntry: class extends GameLogEntry {}.init(gameLogEntryAttributes(), {
      ...at(tableNames.log),
      ...named("GameLogEntry"),
    }),
    GameLease: class extends GameLease {}.init(gameLeaseAttributes(), {
      ...at(tableNames.leases),
      ...named("GameLease"),
    }),
  });
}
