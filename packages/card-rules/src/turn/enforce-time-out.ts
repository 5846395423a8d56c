import type { GameState, RulesStep } from "@turnkeep/game-state";
import { actorOf } from "../board/players.js";
import { cardRules } from "../card-rules.js";
import { type Timestamps, withNpcAnswers } from "./npc-answers.js";

/**
 * What servers and daemons do to a game whose time is over: the player for whom it waits loses the turn or the game,
 * as its rules say, and the NPC answers. The very same state, and nothing logged, where nobody's time is over at this
 * service time. The log gets one line, as of a write of that player; its write id names the deadline.
 */
export function enforceTimeOut(
  state: GameState,
  timestamps: Timestamps & { readonly serviceMs: number },
): RulesStep<GameState> {
  const playerId = actorOf(state);
  const { turnDueAt } = state;
  if (playerId === null || turnDueAt === null || timestamps.serviceMs < turnDueAt) return { state, log: [] };
  const step = cardRules.apply(state, playerId, { type: "timeOut", ...timestamps });
  const answered = withNpcAnswers(step, timestamps);
  return { state: answered.state, log: [{ playerId, writeId: `time-out-${turnDueAt}`, entries: answered.log }] };
}
