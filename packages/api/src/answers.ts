import type { GameView, RecordView } from "@turnkeep/game-state";
import type {
  ActAnswer,
  DemoToken,
  FinishedGame,
  GameAnswer,
  InviteAnswer,
  ListedGame,
  NewsAnswer,
  ReplayAnswer,
  ReplayStep as ReplayStepAnswer,
} from "./schemas/index.js";

export type { DemoToken, FinishedGame, ListedGame };
export type Invite = InviteAnswer;

/** An answer of the server with the card game's view in it. */
type Shown<T extends { readonly view: unknown }> = Omit<T, "view"> & { readonly view: GameView };

/** A game as the server shows it to one viewer. */
export type Game = Shown<GameAnswer>;
/** What became of a write. */
export type WrittenGame = Shown<ActAnswer>;
/** A game, and what happened in it since a version. */
export type GameNews = Shown<NewsAnswer>;

/** One step of a finished game: what happened, and the game after it. */
export type ReplayStep = Shown<Omit<ReplayStepAnswer, "records">> & { readonly records: readonly RecordView[] };

export type Replay = Omit<ReplayAnswer, "initialView" | "finalView"> & {
  readonly initialView: GameView;
  readonly finalView: GameView;
};

/** A page of a list; `next` is the `after` of the next page, and `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface ReplaySteps extends Page<ReplayStep> {
  /** The number of the last step. */
  readonly total: number;
  /** False where the rest cannot be played again. */
  readonly complete: boolean;
}
