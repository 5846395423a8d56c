import type { CreatureInPlay, Effect } from "@turnkeep/game-state";
import { isWarded } from "../board/continuing.js";
import type { Table } from "../board/table.js";
import type { CardActionOf } from "../card-action.js";
import { newestEnergies } from "../effects/hand-and-deck.js";
import type { IllegalReason } from "./illegal-reason.js";

/** On whose side the player names a creature that the effect is aimed at; `null` if it is not aimed. */
function aimOf(effect: Effect): "own" | "opponent" | null {
  if (effect.op === "dragOut") return "opponent";
  if (effect.op === "switchActive") return "own";
  return (effect.op === "heal" || effect.op === "rekindle") && effect.target === "chosen" ? "own" : null;
}

/** Why this trainer card of the player's hand may not be played so; every effect of it has to do something. */
export function checkTrainer(table: Table, { cardId, targetId }: CardActionOf<"playTrainer">): IllegalReason | null {
  const card = table.hand.find(({ id }) => id === cardId);
  const definition = card === undefined ? undefined : table.cards[card.definitionId];
  if (definition?.kind !== "trainer") return "wrongKindOfCard";
  if (definition.role === "supporter" && table.flags.supporterPlayed) return "onceATurn";
  const isAimed = definition.effects.some((effect) => aimOf(effect) !== null);
  if (isAimed && targetId === null) return "targetMissing";
  if (!isAimed && targetId !== null) return "targetNotWanted";
  for (const effect of definition.effects) {
    const reason = checkEffect(table, effect, targetId);
    if (reason !== null) return reason;
  }
  return null;
}

function checkEffect(table: Table, effect: Effect, targetId: string | null): IllegalReason | null {
  const { active, bench, opponent } = table;
  switch (effect.op) {
    case "draw":
    case "search":
      return table.deckCount > 0 ? null : "noEffect";
    case "renewHand":
      return table.deckCount + table.hand.length > 1 ? null : "noEffect";
    case "recoverEnergy":
      return newestEnergies(table.cards, table.discard, 1).length > 0 ? null : "noEffect";
    case "rekindle":
      if (targetsOf(table, effect.target, targetId).length === 0) return "noSuchCreature";
      return newestEnergies(table.cards, table.discard, 1).length > 0 ? null : "noEffect";
    case "heal": {
      const targets = targetsOf(table, effect.target, targetId);
      if (targets.length === 0) return "noSuchCreature";
      return targets.some(({ damage }) => damage > 0) ? null : "noEffect";
    }
    case "cure":
      if (active === null) return "noSuchCreature";
      return active.conditions.length > 0 ? null : "noEffect";
    case "switchActive":
      return active !== null && bench.some(({ id }) => id === targetId) ? null : "noSuchCreature";
    case "dragOut":
      return opponent.active !== null && opponent.bench.some(({ id }) => id === targetId) ? null : "noSuchCreature";
    case "discardEnergy": {
      const loser = effect.from === "own" ? active : opponent.active;
      if (loser === null) return "noSuchCreature";
      return loser.energy.length >= (effect.from === "own" ? effect.count : 1) ? null : "notEnoughEnergy";
    }
    case "inflict":
    case "inflictOnHeads": {
      if (opponent.active === null) return "noSuchCreature";
      const { conditions } = opponent.active;
      const isVain = conditions.includes(effect.condition) || isWarded(table, opponent.active, effect.condition);
      return isVain ? "noEffect" : null;
    }
    case "damageBench":
      return opponent.bench.length > 0 ? null : "noEffect";
    case "recoil":
      return active === null ? "noSuchCreature" : null;
    default:
      return null;
  }
}

function targetsOf(
  { active, bench }: Table,
  target: "active" | "chosen" | "all",
  targetId: string | null,
): readonly CreatureInPlay[] {
  const own = active === null ? bench : [active, ...bench];
  if (target === "all") return own;
  return target === "chosen" ? own.filter(({ id }) => id === targetId) : own.filter(({ id }) => id === active?.id);
}
