import { type ActionRecord, type GameState, recentActionsKept } from "@turnkeep/game-state";

type Note = Pick<ActionRecord, "type" | "playerId"> & Partial<Pick<ActionRecord, "cards" | "visibleTo" | "amount">>;

/** Notes what happened, for clients; the oldest note is forgotten. */
export function record(
  state: GameState,
  { type, playerId, cards = [], visibleTo = "all", amount = null }: Note,
): GameState {
  const seq = state.recordCount + 1;
  const made: ActionRecord = { seq, turn: state.turnNumber, type, playerId, cards, visibleTo, amount, at: null };
  return { ...state, recordCount: seq, recentActions: [...state.recentActions, made].slice(-recentActionsKept) };
}

/** The state with this time on all records that came after the first `knownRecords`. */
export function timestampRecords(state: GameState, knownRecords: number, at: number | undefined): GameState {
  if (at === undefined || state.recordCount === knownRecords) return state;
  const timed = state.recentActions.map((made) => (made.seq > knownRecords ? { ...made, at } : made));
  return { ...state, recentActions: timed };
}
