import {
  actionRecordSchema,
  type GameRules,
  type GameState,
  type JsonValue,
  TurnkeepError,
} from "@turnkeep/game-state";
import * as z from "zod";
import { type CardAction, cardActionSchema, playerActionSchema } from "./card-action.js";
import { applyAction } from "./turn/apply-action.js";

/**
 * What the log keeps of an action: all that a replay needs, and what happened by it, for those who were away; some of
 * that is for one player's eyes alone, as each record says.
 */
export const logEntrySchema = z.strictObject({
  turn: z.int().min(0),
  playerId: z.string(),
  action: cardActionSchema,
  /** At most as many as a state keeps; logs of older versions have none. */
  records: z.array(actionRecordSchema).optional(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

/** The card game's rules, for the server. */
export const cardRules: GameRules<GameState, CardAction> = {
  actionSchema: playerActionSchema,
  apply(state, playerId, action) {
    const after = applyAction(state, playerId, action);
    const records = after.recentActions.filter(({ seq }) => seq > state.recordCount);
    const entry = { turn: state.turnNumber, playerId, action: withoutUndefined(action), records };
    return { state: after, log: [entry] };
  },
  replay(state, entry) {
    const parsed = logEntrySchema.safeParse(entry);
    if (!parsed.success) {
      throw new TurnkeepError("InvalidInput", "this is no log entry of a card game", { issues: ["entry"] });
    }
    return applyAction(state, parsed.data.playerId, parsed.data.action);
  },
};

/** The final state of a game: its log, replayed from its initial state, gives the very same bytes. */
export function replayLog(initialState: GameState, entries: readonly JsonValue[]): GameState {
  return entries.reduce<GameState>(cardRules.replay, initialState);
}

function withoutUndefined(action: CardAction): { readonly [key: string]: JsonValue } {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(action)) if (value !== undefined) kept[key] = value;
  return kept;
}
