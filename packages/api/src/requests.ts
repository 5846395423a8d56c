import type * as z from "zod";
import type {
  DemoToken,
  FinishedGame,
  Game,
  GameNews,
  Invite,
  ListedGame,
  Page,
  Replay,
  ReplaySteps,
  WrittenGame,
} from "./answers.js";
import { type ApiRequest, get, post } from "./request.js";
import type { acceptInviteSchema, createGameSchema, createInviteSchema } from "./schemas/index.js";

/** What every write carries. The same write id is the same write, however often and over whatever it is sent. */
export interface Write {
  readonly writeId: string;
  /** The write is done over this version only. */
  readonly expectedVersion?: string | undefined;
}

export interface ActionWrite extends Write {
  readonly action: object;
}

interface PageOptions {
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string | null | undefined;
}

const game = (gameId: string) => `/games/${encodeURIComponent(gameId)}`;

/** Demo mode only: a token for a new player. */
export const createDemoToken = (name: string): ApiRequest<DemoToken> => post("/demo/token", { name });

/** A new game is durable once it is answered. */
export const createGame = (body: z.input<typeof createGameSchema>): ApiRequest<Game> => post("/games", body);
export const createInvite = (body: z.input<typeof createInviteSchema>): ApiRequest<Invite> => post("/invites", body);
export const acceptInvite = (body: z.input<typeof acceptInviteSchema>): ApiRequest<Game> =>
  post("/invites/accept", body);
export const joinGame = (gameId: string): ApiRequest<Game> => post(`${game(gameId)}/join`, {});

export const act = (gameId: string, write: ActionWrite): ApiRequest<WrittenGame> =>
  post(`${game(gameId)}/actions`, write);
export const concede = (gameId: string, { writeId, expectedVersion }: Write): ApiRequest<WrittenGame> =>
  post(`${game(gameId)}/concede`, { writeId, expectedVersion });

export const getGame = (gameId: string): ApiRequest<Game> => get(game(gameId));
export const getNews = (gameId: string, since: string): ApiRequest<GameNews> => get(`${game(gameId)}/news`, { since });
export const getReplay = (gameId: string): ApiRequest<Replay> => get(`${game(gameId)}/replay`);
export const getReplaySteps = (gameId: string, page: PageOptions = {}): ApiRequest<ReplaySteps> =>
  get(`${game(gameId)}/replay/steps`, { ...page });

/** The caller's games that are not over. */
export const listGames = (page: PageOptions = {}): ApiRequest<Page<ListedGame>> => get("/games", { ...page });
/** The caller's finished games, the newest first. */
export const listHistory = (page: PageOptions = {}): ApiRequest<Page<FinishedGame>> => get("/history", { ...page });
/** A few games that are being played. */
export const listLive = (): ApiRequest<{ readonly games: readonly Game[] }> => get("/live");
