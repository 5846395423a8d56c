import type { CreatureInPlay } from "@turnkeep/game-state";
import { retreatCostOf } from "../board/continuing.js";
import type { Table } from "../board/table.js";
import type { CardAction } from "../card-action.js";
import { worthFor, worthOfStadium } from "./continuing.js";
import { worthOfEnergy } from "./energy.js";
import { attacksOf, hitPointsLeft, threatTo, worthOfAttack, worthOfBestAttack } from "./fight.js";
import { worthOfSwitch, worthOfTrainer } from "./trainers.js";

/** What ends the turn comes after all that is worth doing before. */
const beforeAttacking = 100_000;

/**
 * How much the game's own player likes an action that the rules allow; `null` for what it would not do. Only the order
 * matters, and only among the actions of one position.
 */
export function worthOf(table: Table, action: CardAction): number | null {
  switch (action.type) {
    case "attack": {
      const attack = table.active === null ? undefined : attacksOf(table, table.active)[action.attackIndex];
      return table.active === null || attack === undefined ? null : worthOfAttack(table, table.active, attack);
    }
    case "endTurn":
      return 0;
    case "draw":
      return beforeAttacking;
    case "mulliganDraw":
      return action.count;
    case "setUp":
      return worthInFront(table, action.active) + action.bench.length * 200;
    case "promote":
      return worthOfPromotion(table, action.cardId);
    case "discard":
      return -action.cardIds.reduce((sum, cardId) => sum + worthInHand(table, cardId), 0);
    case "acceptDraw":
      return table.prizeCount >= table.opponent.prizeCount + 2 ? beforeAttacking * 2 : null;
    case "declineDraw":
      return beforeAttacking;
    case "concede":
    case "offerDraw":
    case "timeOut":
    case "close":
      return null;
    default:
      return beforeAttackingIf(worthOfPlay(table, action));
  }
}

/** What is of no use is not done. */
function beforeAttackingIf(worth: number): number | null {
  return worth > 0 ? beforeAttacking + worth : null;
}

type Play = Extract<CardAction, { type: "playCreature" | "evolve" | `attach${string}` | `play${string}` | "retreat" }>;

/** Cards that only add to the table come first, so that the later choices know of them. */
function worthOfPlay(table: Table, action: Play): number {
  switch (action.type) {
    case "evolve":
      return 5_000 + (find(table, action.targetId)?.energy.length ?? 0);
    case "playCreature":
      return 4_000 + worthInFront(table, action.cardId);
    case "playTrainer": {
      const worth = worthOfTrainer(table, action);
      return worth > 0 ? 3_000 + worth : 0;
    }
    case "playStadium": {
      const gain = worthOfStadium(table, inHand(table, action.cardId));
      const old = table.stadium === null ? 0 : worthOfStadium(table, table.cards[table.stadium.definitionId]);
      return gain > old ? 2_500 : 0;
    }
    case "attachEnergy": {
      const creature = find(table, action.targetId);
      const card = table.hand.find(({ id }) => id === action.cardId);
      const worth = creature === undefined || card === undefined ? 0 : worthOfEnergy(table, creature, card);
      return worth > 0 ? 2_000 + worth : 0;
    }
    case "attachTool": {
      const wearer = find(table, action.targetId);
      const worth = wearer === undefined ? 0 : worthFor(table, inHand(table, action.cardId), wearer);
      return worth <= 0 ? 0 : 1_000 + worth + (wearer?.id === table.active?.id ? 10 : 0);
    }
    case "retreat":
      return worthOfRetreat(table, action.benchId);
  }
}

function worthOfRetreat(table: Table, benchId: string): number {
  const { active } = table;
  const incoming = find(table, benchId);
  if (active === null || incoming === undefined) return 0;
  const saves = threatTo(table, active) >= hitPointsLeft(table, active) ? 40 : 0;
  const risks = threatTo(table, incoming) >= hitPointsLeft(table, incoming) ? 40 : 0;
  return worthOfSwitch(table, benchId) + saves - risks - 15 * retreatCostOf(table, active) - 10;
}

function worthOfPromotion(table: Table, creatureId: string): number {
  const creature = find(table, creatureId);
  if (creature === undefined) return 0;
  const survives = threatTo(table, creature) < hitPointsLeft(table, creature) ? 60 : 0;
  return (
    worthOfBestAttack(table, creature) + survives + creature.energy.length * 10 + hitPointsLeft(table, creature) / 10
  );
}

/** How good a creature of the hand is as the one in front. */
function worthInFront(table: Table, cardId: string): number {
  const definition = inHand(table, cardId);
  if (definition?.kind !== "creature") return 0;
  const quick = definition.attacks.some(({ cost, damage }) => cost.length === 1 && damage > 0) ? 20 : 0;
  return definition.hitPoints + quick - definition.retreatCost * 5 - (definition.prizeValue - 1) * 40;
}

/** How much the player would miss a card of the hand. */
function worthInHand(table: Table, cardId: string): number {
  const kind = inHand(table, cardId)?.kind;
  return kind === "creature" ? 3 : kind === "energy" ? 1 : 2;
}

function inHand(table: Table, cardId: string) {
  const card = table.hand.find(({ id }) => id === cardId);
  return card === undefined ? undefined : table.cards[card.definitionId];
}

function find(table: Table, creatureId: string): CreatureInPlay | undefined {
  return table.active?.id === creatureId ? table.active : table.bench.find(({ id }) => id === creatureId);
}
