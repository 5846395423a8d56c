import {
  type CardInstance,
  type CreatureDefinition,
  type CreatureInPlay,
  type GameState,
  type GameView,
  viewFor,
} from "@turnkeep/game-state";
import type { CardAction } from "./card-action.js";
import { legalActionsFromView } from "./legal-actions.js";

/** The order in which the simple player does things; what is not named comes never, unless nothing else is left. */
const eagerness: readonly CardAction["type"][] = [
  "mulliganDraw",
  "setUp",
  "promote",
  "discard",
  "draw",
  "evolve",
  "playCreature",
  "attachEnergy",
  "attachTool",
  "playTrainer",
  "playStadium",
  "attack",
  "endTurn",
  "declineDraw",
];

/**
 * What the simple player does with this seat now; `null` while it is not its move. It looks at nothing but the seat's
 * own view, and the same view gives the same action. It never concedes, and its games end, if only by the turn limit.
 */
export function chooseAction(state: GameState, playerId: string): CardAction | null {
  return chooseActionFromView(viewFor(state, { playerId }));
}

/** The same for a client, which has its view alone. */
export function chooseActionFromView(view: GameView): CardAction | null {
  const legal = legalActionsFromView(view).filter(({ type }) => eagerness.includes(type));
  let best: { action: CardAction; worth: number } | null = null;
  for (const action of legal) {
    const worth = (eagerness.length - eagerness.indexOf(action.type)) * 10_000 + worthOf(view, action);
    if (best === null || worth > best.worth) best = { action, worth };
  }
  return best?.action ?? null;
}

/** How good an action is among those of its kind, below 10,000. */
function worthOf(view: GameView, action: CardAction): number {
  switch (action.type) {
    case "setUp":
      return hitPointsLeft(view, action.active) + action.bench.length;
    case "promote":
      return hitPointsLeft(view, action.cardId) + energiesOn(view, action.cardId) * 100;
    case "attachEnergy":
      return action.targetId === ownSide(view)?.active?.id ? 1 : 0;
    case "attack":
      return attacksOf(view)[action.attackIndex]?.damage ?? 0;
    default:
      return 0;
  }
}

function ownSide(view: GameView) {
  return view.viewerId === null ? undefined : view.players[view.viewerId];
}

function find(view: GameView, cardId: string): CardInstance | CreatureInPlay | undefined {
  const own = ownSide(view);
  const inPlay = [own?.active, ...(own?.bench ?? [])].find((creature) => creature?.id === cardId);
  return inPlay ?? own?.hand?.find(({ id }) => id === cardId);
}

function definitionOf(view: GameView, card: CardInstance | null | undefined): CreatureDefinition | undefined {
  const definition = card == null ? undefined : view.cards[card.definitionId];
  return definition?.kind === "creature" ? definition : undefined;
}

function hitPointsLeft(view: GameView, cardId: string): number {
  const card = find(view, cardId);
  const damage = card !== undefined && "damage" in card ? card.damage : 0;
  return (definitionOf(view, card)?.hitPoints ?? 0) - damage;
}

function energiesOn(view: GameView, cardId: string): number {
  const card = find(view, cardId);
  return card !== undefined && "energy" in card ? card.energy.length : 0;
}

function attacksOf(view: GameView) {
  return definitionOf(view, ownSide(view)?.active)?.attacks ?? [];
}
