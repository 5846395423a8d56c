import { type GameState, isNpc, type JsonValue, type RulesStep } from "@turnkeep/game-state";
import type { CardAction } from "../card-action.js";
import { cardRules } from "../card-rules.js";
import { chooseAction } from "../choose-action.js";

/** What a server writes over the times of an action; see the action's schema. */
export type Timestamps = Pick<CardAction, "at" | "serviceMs">;

/**
 * The step, and after it everything that the NPC of this game does until a human has to act: as one step, so that no
 * game is ever left waiting for an NPC. The same step and times give the same bytes.
 */
export function withNpcAnswers({ state, log }: RulesStep<GameState>, timestamps: Timestamps): RulesStep<GameState> {
  const npcId = state.turnOrder.find(isNpc);
  let after = state;
  const entries: JsonValue[] = [...log];
  for (;;) {
    const action = npcId === undefined || after.phase === "ended" ? null : chooseAction(after, npcId);
    if (npcId === undefined || action === null) return { state: after, log: entries };
    const answer = cardRules.apply(after, npcId, { ...action, ...timestamps });
    after = answer.state;
    entries.push(...answer.log);
  }
}
