import type { CardDefinition, CreatureInPlay } from "@turnkeep/game-state";
import type { CardAction, CardActionOf } from "./card-action.js";
import { checkTrainer } from "./check-trainer.js";
import { canPay } from "./energy-cost.js";
import type { IllegalReason } from "./illegal-reason.js";
import type { Table } from "./table.js";

/**
 * Why this player may not do this now, or `null` if they may. Whose turn it is has been checked by the caller; this is
 * the one place that knows all other rules about what is allowed.
 */
export function checkAction(table: Table, action: CardAction): IllegalReason | null {
  if (table.phase === "ended") return "gameEnded";
  if (action.type === "concede") return null;
  if (table.forced !== null && table.forced.type !== action.type) return "forcedActionFirst";
  switch (action.type) {
    case "setUp":
      return table.phase === "setup" ? checkSetUp(table, action) : "wrongPhase";
    case "draw":
      return table.phase === "draw" ? null : "wrongPhase";
    case "promote":
      if (table.forced === null) return "notForced";
      return table.bench.some(({ id }) => id === action.cardId) ? null : "noSuchCreature";
    case "discard":
      return checkDiscard(table, action);
    default:
      return table.phase === "main" ? checkMain(table, action) : "wrongPhase";
  }
}

type MainAction = Exclude<CardAction, { type: "setUp" | "draw" | "promote" | "discard" | "concede" }>;

function checkMain(table: Table, action: MainAction): IllegalReason | null {
  switch (action.type) {
    case "playCreature":
      if (table.bench.length >= table.rules.benchSize) return "benchFull";
      return checkInHand(table, action.cardId, "creature");
    case "attachEnergy":
      if (table.flags.energyAttached) return "onceATurn";
      if (!creaturesOn(table).some(({ id }) => id === action.targetId)) return "noSuchCreature";
      return checkInHand(table, action.cardId, "energy");
    case "playTrainer":
      return checkInHand(table, action.cardId, "trainer") ?? checkTrainer(table, action);
    case "retreat":
      return checkRetreat(table, action);
    case "attack":
      return checkAttack(table, action);
    case "endTurn":
      return null;
  }
}

function creaturesOn(table: Table): readonly CreatureInPlay[] {
  return table.active === null ? table.bench : [table.active, ...table.bench];
}

function checkInHand(table: Table, cardId: string, kind: CardDefinition["kind"]): IllegalReason | null {
  const card = table.hand.find(({ id }) => id === cardId);
  if (card === undefined) return "cardNotInHand";
  return table.cards[card.definitionId]?.kind === kind ? null : "wrongKindOfCard";
}

function checkSetUp(table: Table, { active, bench }: CardActionOf<"setUp">): IllegalReason | null {
  const chosen = [active, ...bench];
  if (new Set(chosen).size !== chosen.length) return "sameCardTwice";
  if (bench.length > table.rules.benchSize) return "benchFull";
  for (const cardId of chosen) {
    const reason = checkInHand(table, cardId, "creature");
    if (reason !== null) return reason;
  }
  return null;
}

function checkDiscard(table: Table, { cardIds }: CardActionOf<"discard">): IllegalReason | null {
  if (table.forced?.type !== "discard") return "notForced";
  if (cardIds.length !== table.forced.count) return "wrongNumberOfCards";
  if (new Set(cardIds).size !== cardIds.length) return "sameCardTwice";
  return cardIds.every((cardId) => table.hand.some(({ id }) => id === cardId)) ? null : "cardNotInHand";
}

function checkRetreat(table: Table, { benchId }: CardActionOf<"retreat">): IllegalReason | null {
  const { active } = table;
  if (table.flags.retreated) return "onceATurn";
  if (active === null || !table.bench.some(({ id }) => id === benchId)) return "noSuchCreature";
  if (active.conditions.includes("rooted")) return "rooted";
  const definition = table.cards[active.definitionId];
  if (definition?.kind !== "creature") return "wrongKindOfCard";
  return active.energy.length >= definition.retreatCost ? null : "notEnoughEnergy";
}

function checkAttack(table: Table, { attackIndex }: CardActionOf<"attack">): IllegalReason | null {
  const { active } = table;
  if (table.turnNumber === 1) return "noAttackOnFirstTurn";
  if (active === null) return "noSuchCreature";
  if (active.conditions.includes("dazed")) return "dazed";
  const definition = table.cards[active.definitionId];
  const attack = definition?.kind === "creature" ? definition.attacks[attackIndex] : undefined;
  if (attack === undefined) return "noSuchAttack";
  return canPay(active, attack.cost, table.cards) ? null : "notEnoughEnergy";
}
