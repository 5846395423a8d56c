/** What is known of one game, in the simplest words: which moves it holds, and how many of them Postgres has. */
export interface ModelGame {
  status: "none" | "live" | "archived" | "deleted";
  /** Names of the moves, in order. */
  moves: string[];
  /** So many of them, from the first on, are in Postgres. */
  kept: number;
  turn: number;
  keptTurn: number;
  /** Moves that a whole saved state brought, which logs nothing. */
  unlogged: Set<string>;
}

export interface Model {
  readonly games: ModelGame[];
  /** Counts moves, for their names. */
  moves: number;
  /** What Redis held when it was last backed up; `null` before that. */
  backup: readonly { readonly moves: readonly string[]; readonly turn: number }[] | null;
}

export const newModel = (games: number): Model => ({
  games: Array.from({ length: games }, () => ({
    status: "none",
    moves: [],
    kept: 0,
    turn: 1,
    keptTurn: 1,
    unlogged: new Set(),
  })),
  moves: 0,
  backup: null,
});

export function gameOf(model: Model, slot: number): ModelGame {
  const game = model.games[slot];
  if (game === undefined) throw new Error(`no game ${slot}`);
  return game;
}

export const liveGames = (model: Model) => model.games.filter(({ status }) => status === "live");

/** Postgres has all of it. */
export function keep(game: ModelGame): void {
  game.kept = game.moves.length;
  game.keptTurn = game.turn;
}

/** What is left of it when Redis has lost everything. */
export function lose(game: ModelGame): void {
  game.moves = game.moves.slice(0, game.kept);
  game.turn = game.keptTurn;
}

/** An older Redis may bring back what it had of the game, but only where that has all that Postgres has. */
export function canComeBack(game: ModelGame, old: readonly string[]): boolean {
  return old.length > game.kept && game.moves.slice(0, game.kept).every((name, index) => old[index] === name);
}

export const logOf = ({ moves, unlogged }: ModelGame) =>
  moves.filter((name) => !unlogged.has(name)).map((name) => ({ move: name }));
