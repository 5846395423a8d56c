import { type CardInstance, type CreatureInPlay, creaturesOf, type GameState } from "@turnkeep/game-state";
import { hitPointsOf } from "../board/continuing.js";
import { playerOf } from "../board/players.js";

/** What no play by the rules leads to, though a state's schema allows it: the first such thing, or `null`. */
export function unsound(state: GameState): string | null {
  const { rules, turnNumber, forcedActions, phase, stadium } = state;
  if (turnNumber > rules.turnLimit) return "a turn after the last";
  if (phase === "ended" && forcedActions.length > 0) return "something forced after the end";
  if (stadium !== null && kindOf(state, stadium) !== "stadium") return "a stadium that is none";
  for (const playerId of state.turnOrder) {
    const { active, bench, prizes } = playerOf(state, playerId);
    if (bench.length > rules.benchSize) return "a bench too full";
    if (prizes.length > rules.prizeCount) return "more prizes than laid aside";
    if (bench.some(({ conditions }) => conditions.length > 0)) return "a condition on the bench";
    const isPlayed = phase !== "setup" && phase !== "ended";
    const mustPromote = forcedActions.some((forced) => forced.type === "promote" && forced.playerId === playerId);
    if (isPlayed && (active === null) !== mustPromote) return "an empty place in front that nobody has to fill";
    if (mustPromote && bench.length === 0) return "a promotion from an empty bench";
    for (const creature of creaturesOf({ active, bench })) {
      const wrong = unsoundCreature(state, creature);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

function unsoundCreature(state: GameState, creature: CreatureInPlay): string | null {
  if (creature.damage >= hitPointsOf(state, creature)) return "a creature in play without hit points";
  if (creature.tools.length > 1) return "two tools on a creature";
  if (creature.tools.some((tool) => kindOf(state, tool) !== "tool")) return "a tool that is none";
  if (creature.energy.some((energy) => kindOf(state, energy) !== "energy")) return "an energy that is none";
  if (creature.enteredOnTurn > state.turnNumber) return "a creature from a later turn";
  const forms = [...creature.under, creature];
  const grown = forms.every((form, index) => {
    const definition = state.cards[form.definitionId];
    return definition?.kind === "creature" && definition.evolvesFrom === (forms[index - 1]?.definitionId ?? null);
  });
  return grown ? null : "a creature on what it does not evolve from";
}

const kindOf = (state: GameState, { definitionId }: CardInstance) => state.cards[definitionId]?.kind;
