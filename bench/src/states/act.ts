import type { ActionRecord, GameState } from "@turnkeep/game-state";

/**
 * What a small action leaves behind, in as little time as possible, since rules cost the same in every design: one more
 * record in place of the oldest, and one card of the current player drawn under the deck. The size stays.
 */
export function act(state: GameState): GameState {
  const [oldest, ...others] = state.recentActions;
  const seq = state.recordCount + 1;
  const record = { ...(oldest as ActionRecord), seq, turn: state.turnNumber };
  const { currentPlayerId } = state;
  const player = state.players[currentPlayerId] as GameState["players"][string];
  const { deck } = player;
  const turned = deck.length < 2 ? deck : [...deck.slice(1), ...deck.slice(0, 1)];
  return {
    ...state,
    recordCount: seq,
    recentActions: [...others, record],
    players: { ...state.players, [currentPlayerId]: { ...player, deck: turned } },
  };
}

/** The same, and the turn is over: a turn boundary, which is durable. */
export function endTurn(state: GameState): GameState {
  return { ...act(state), turnNumber: state.turnNumber + 1 };
}
