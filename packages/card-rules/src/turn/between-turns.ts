import type { GameState } from "@turnkeep/game-state";
import { changeOf } from "../board/continuing.js";
import { playerOf } from "../board/players.js";
import { flipCoin } from "../effects/coin.js";
import { cure, dealDamage, heal } from "../effects/on-creatures.js";

/**
 * What happens to both active creatures between turns: venom and scorching hurt, coins may end scorching and
 * drowsiness, tools and stadium mend. Daze and roots leave the creature whose turn it was.
 */
export function passBetweenTurns(state: GameState): GameState {
  const passed = state.turnOrder.reduce(sufferConditions, { ...state, phase: "betweenTurns" });
  return cure(passed, state.currentPlayerId, ["dazed", "rooted"]);
}

function sufferConditions(state: GameState, playerId: string): GameState {
  const { active } = playerOf(state, playerId);
  if (active === null) return state;
  const { venomDamage, scorchDamage } = state.rules;
  let after = state;
  if (active.conditions.includes("venomed")) after = dealDamage(after, playerId, active.id, venomDamage);
  if (active.conditions.includes("scorched")) after = dealDamage(after, playerId, active.id, scorchDamage);
  for (const condition of ["scorched", "drowsy"] as const) {
    if (!active.conditions.includes(condition)) continue;
    const flipped = flipCoin(after, playerId);
    after = flipped.heads ? cure(flipped.state, playerId, [condition]) : flipped.state;
  }
  const mended = changeOf(state, active, "mend");
  return mended > 0 ? heal(after, playerId, active.id, mended) : after;
}
