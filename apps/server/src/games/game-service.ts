import type {
  AcceptInvite,
  ActAnswer,
  CreateGame,
  CreateInvite,
  FinishedGame,
  GameAnswer,
  InviteAnswer,
  ListedGame,
  NewsAnswer,
  PageQuery,
  ReplayAnswer,
  ReplaySteps,
  StepQuery,
} from "@turnkeep/api/schemas";
import type { Version, WriteId } from "@turnkeep/core";
import type { Page } from "@turnkeep/core/ports";

/** What every write carries. */
export interface WriteOptions {
  readonly writeId: WriteId;
  /** Write over this version only. */
  readonly expectedVersion?: Version | undefined;
}

/**
 * All that players and spectators can do, whatever the transport. Only projections for one viewer leave it; a viewer
 * is a player's id, or `null` for a spectator. Errors are those of the taxonomy.
 */
export interface GameService {
  /** A game against an NPC. The same write id is the same game. @throws GameExists for other options with the same id */
  create(playerId: string, request: CreateGame): Promise<GameAnswer>;
  /** Nothing is kept: the token has it all. @throws InvalidInput */
  invite(playerId: string, request: CreateInvite): Promise<InviteAnswer>;
  /** Begins the game of an invitation. @throws Forbidden for a second one, and for a token that is not valid */
  acceptInvite(playerId: string, request: AcceptInvite): Promise<GameAnswer>;
  /** Takes up the seat that an invitation gave; the player's view. @throws Forbidden for a player who has none */
  join(playerId: string, gameId: string): Promise<GameAnswer>;
  /** Also of a finished game, with its result. @throws GameNotFound */
  view(gameId: string, viewerId: string | null): Promise<GameAnswer>;
  /** The game, and what happened in it since a version. @throws GameNotFound */
  since(gameId: string, viewerId: string | null, version: Version): Promise<NewsAnswer>;
  /** @throws Forbidden, NotYourTurn, IllegalAction, RevisionConflict, GameEnded and others: then nothing changed */
  act(playerId: string, gameId: string, action: unknown, options: WriteOptions): Promise<ActAnswer>;
  concede(playerId: string, gameId: string, options: WriteOptions): Promise<ActAnswer>;
  listActive(playerId: string, page: PageQuery): Promise<Page<ListedGame>>;
  listHistory(playerId: string, page: PageQuery): Promise<Page<FinishedGame>>;
  /** Of a finished game; the log for its players only. @throws GameNotFound */
  replay(gameId: string, viewerId: string | null): Promise<ReplayAnswer>;
  /** A page of a finished game's steps. @throws GameNotFound */
  replaySteps(gameId: string, viewerId: string | null, query: StepQuery): Promise<ReplaySteps>;
}
