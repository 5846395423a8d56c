import type { Effect } from "@turnkeep/game-state";
import type { CardActionOf } from "./card-action.js";
import type { IllegalReason } from "./illegal-reason.js";
import type { Table } from "./table.js";

/** Whether the effect is aimed at a creature that the player names. */
function wantsTarget(effect: Effect): boolean {
  return effect.op === "switchActive" || (effect.op === "heal" && effect.target === "chosen");
}

/** Why this trainer card of the player's hand may not be played so; every effect of it has to do something. */
export function checkTrainer(table: Table, { cardId, targetId }: CardActionOf<"playTrainer">): IllegalReason | null {
  const card = table.hand.find(({ id }) => id === cardId);
  const definition = card === undefined ? undefined : table.cards[card.definitionId];
  if (definition?.kind !== "trainer") return "wrongKindOfCard";
  if (definition.role === "supporter" && table.flags.supporterPlayed) return "onceATurn";
  const isAimed = definition.effects.some(wantsTarget);
  if (isAimed && targetId === null) return "targetMissing";
  if (!isAimed && targetId !== null) return "targetNotWanted";
  for (const effect of definition.effects) {
    const reason = checkEffect(table, effect, targetId);
    if (reason !== null) return reason;
  }
  return null;
}

function checkEffect(table: Table, effect: Effect, targetId: string | null): IllegalReason | null {
  switch (effect.op) {
    case "draw":
      return table.deckCount > 0 ? null : "noEffect";
    case "heal": {
      const onBench = table.bench.find(({ id }) => id === targetId);
      const target = effect.target === "active" || table.active?.id === targetId ? table.active : onBench;
      if (target == null) return "noSuchCreature";
      return target.damage > 0 ? null : "noEffect";
    }
    case "switchActive":
      return table.active !== null && table.bench.some(({ id }) => id === targetId) ? null : "noSuchCreature";
    case "inflict":
      if (table.opponentActive === null) return "noSuchCreature";
      return table.opponentActive.conditions.includes(effect.condition) ? "noEffect" : null;
    default:
      return null;
  }
}
