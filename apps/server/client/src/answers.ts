import type { GameView, RecordView } from "@turnkeep/game-state";

/** A game as the server shows it to this viewer. */
export interface GameAnswer {
  readonly gameId: string;
  readonly version: string | null;
  readonly status: "live" | "ended" | "archived";
  readonly stale: boolean;
  /** The clock of the view's `turnDueAt`, when this was said; in ms. */
  readonly serviceTime: number;
  readonly view: GameView;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A game of one's own that is not over. */
export interface ListedGame {
  readonly gameId: string;
  readonly gameType: string;
  readonly status: "live" | "ended";
  readonly turnNumber: number;
  readonly playerIds: readonly string[];
  readonly npcId: string | null;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly lastActionAt: number;
}

/** A game of one's own that is over. */
export interface FinishedGame {
  readonly gameId: string;
  readonly gameType: string;
  readonly playerIds: readonly string[];
  readonly npcId: string | null;
  readonly winnerId: string | null;
  readonly winnerIsNpc: boolean;
  readonly endReason: string;
  readonly turnCount: number;
  readonly durationSeconds: number;
  /** ms since the epoch */
  readonly endedAt: number;
}

/** An invitation; its game begins when somebody accepts. */
export interface Invite {
  readonly token: string;
  readonly gameId: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

/** One step of a finished game: what happened, and the table after it. */
export interface ReplayStep {
  readonly seq: number;
  readonly turn: number | null;
  readonly records: readonly RecordView[];
  readonly view: GameView;
}

export interface ReplaySteps extends Page<ReplayStep> {
  readonly total: number;
  /** False where the rest cannot be shown step by step: the last step is then the end of the game. */
  readonly complete: boolean;
}

/** What happened in a game since a version: who wrote what, as far as the log tells. */
export interface News {
  readonly writes: readonly { readonly playerId: string; readonly writeId: string }[];
  /** False where something is left out. */
  readonly exact: boolean;
}
