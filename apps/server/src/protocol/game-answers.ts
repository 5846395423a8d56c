import type { GameType, Outcome, Version } from "@turnkeep/game-state/core";
import type { GameHistoryRecord } from "@turnkeep/game-state/ports";
import type { Durability } from "@turnkeep/manager";

/** A game as one viewer may see it. */
export interface GameAnswer {
  readonly gameId: string;
  /** `null` once the game is archived, for then nothing can be written any more. */
  readonly version: Version | null;
  readonly status: "live" | "ended" | "archived";
  /** True when the cache could not be asked, so that something newer may exist. */
  readonly stale: boolean;
  readonly view: unknown;
}

/** A game that can still be loaded as one. */
export interface LoadedAnswer extends GameAnswer {
  readonly version: Version;
  readonly status: "live" | "ended";
}

/** What became of a write; of a retried one that ended its game, the game may be archived by now. */
export interface ActAnswer extends GameAnswer {
  /** The level that was reached: `durable` is committed in the database. */
  readonly durability: Durability;
  /** True if this write id had been applied before; the view is then the current one. */
  readonly duplicate: boolean;
}

/** A game in a player's list. */
export interface ListedGame {
  readonly gameId: string;
  readonly gameType: GameType;
  readonly status: "live" | "ended";
  readonly turnNumber: number;
  readonly playerIds: readonly string[];
  readonly npcId: string | null;
  readonly outcome: Outcome | null;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly lastActionAt: number;
}

export type FinishedGame = GameHistoryRecord;

export interface DemoToken {
  readonly token: string;
  readonly playerId: string;
  readonly name: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}
