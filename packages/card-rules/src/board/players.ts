import { type CardInstance, type GameState, type PlayerState, TurnkeepError } from "@turnkeep/game-state";

/** @throws Forbidden for a caller who does not take part */
export function playerOf(state: GameState, playerId: string): PlayerState {
  const player = Object.hasOwn(state.players, playerId) ? state.players[playerId] : undefined;
  if (player === undefined) throw new TurnkeepError("Forbidden", "only players of this game act in it", {});
  return player;
}

export function opponentOf(game: Pick<GameState, "turnOrder">, playerId: string): string {
  const [first, second] = game.turnOrder;
  return first === playerId ? second : first;
}

/** The state with some of this player's fields changed; everything else is shared with the one before. */
export function changePlayer(state: GameState, playerId: string, change: Partial<PlayerState>): GameState {
  const player = { ...playerOf(state, playerId), ...change };
  return { ...state, players: { ...state.players, [playerId]: player } };
}

/** The card by itself, without what lies on it. */
export function bareCard({ id, definitionId, owner }: CardInstance): CardInstance {
  return { id, definitionId, owner };
}

/** The list without the card of this id. */
export function without<T extends { readonly id: string }>(cards: readonly T[], id: string): readonly T[] {
  return cards.filter((card) => card.id !== id);
}

/** The player for whom the game waits: of whom a forced action is first, else whose turn it is; `null` at the end. */
export function actorOf(state: Pick<GameState, "phase" | "forcedActions" | "currentPlayerId">): string | null {
  return state.phase === "ended" ? null : (state.forcedActions[0]?.playerId ?? state.currentPlayerId);
}
