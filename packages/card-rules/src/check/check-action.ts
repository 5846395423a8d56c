import type { CardDefinition, CreatureInPlay } from "@turnkeep/game-state";
import type { Table } from "../board/table.js";
import type { CardAction, CardActionOf } from "../card-action.js";
import { checkAttack, checkRetreat } from "./check-fight.js";
import { checkTrainer } from "./check-trainer.js";
import type { IllegalReason } from "./illegal-reason.js";

/** Whether the game waits for this player: a forced action comes before the turn. */
export function mayMove(table: Table): boolean {
  return table.forced !== null || (table.isCurrentPlayer && !table.waitsForOthers);
}

/**
 * Why this player may not do this now, or `null` if they may. Whose turn it is has been checked by the caller; this is
 * the one place that knows all other rules about what is allowed.
 */
export function checkAction(table: Table, action: CardAction): IllegalReason | null {
  if (table.phase === "ended") return "gameEnded";
  switch (action.type) {
    case "concede":
    case "close":
      return null;
    case "acceptDraw":
    case "declineDraw":
      return table.isOfferedDraw ? null : "noDrawOffered";
    case "timeOut":
      return table.turnDueAt !== null && (action.serviceMs ?? -1) >= table.turnDueAt ? null : "timeNotOver";
    case "mulliganDraw":
    case "promote":
    case "discard":
      return checkForced(table, action);
  }
  if (table.forced !== null) return "forcedActionFirst";
  switch (action.type) {
    case "setUp":
      return table.phase === "setup" ? checkSetUp(table, action) : "wrongPhase";
    case "draw":
      return table.phase === "draw" ? null : "wrongPhase";
    default:
      return table.phase === "main" ? checkMain(table, action) : "wrongPhase";
  }
}

function checkForced(
  table: Table,
  action: CardActionOf<"mulliganDraw"> | CardActionOf<"promote"> | CardActionOf<"discard">,
): IllegalReason | null {
  const { forced } = table;
  if (forced === null) return "notForced";
  if (action.type === "mulliganDraw" && forced.type === "mulliganDraw") {
    return action.count <= forced.count ? null : "wrongNumberOfCards";
  }
  if (action.type === "promote" && forced.type === "promote") {
    return table.bench.some(({ id }) => id === action.cardId) ? null : "noSuchCreature";
  }
  if (action.type === "discard" && forced.type === "discard") {
    if (action.cardIds.length !== forced.count) return "wrongNumberOfCards";
    if (new Set(action.cardIds).size !== action.cardIds.length) return "sameCardTwice";
    return action.cardIds.every((cardId) => table.hand.some(({ id }) => id === cardId)) ? null : "cardNotInHand";
  }
  return "forcedActionFirst";
}

type MainAction = CardActionOf<
  | "playCreature"
  | "evolve"
  | "attachEnergy"
  | "attachTool"
  | "playTrainer"
  | "playStadium"
  | "retreat"
  | "attack"
  | "endTurn"
  | "offerDraw"
>;

function checkMain(table: Table, action: MainAction): IllegalReason | null {
  switch (action.type) {
    case "playCreature":
      if (table.bench.length >= table.rules.benchSize) return "benchFull";
      return checkBasic(table, action.cardId);
    case "evolve":
      return checkInHand(table, action.cardId, "creature") ?? checkEvolution(table, action);
    case "attachEnergy":
      if (table.flags.energyAttached) return "onceATurn";
      if (ownCreature(table, action.targetId) === undefined) return "noSuchCreature";
      return checkInHand(table, action.cardId, "energy");
    case "attachTool": {
      const wearer = ownCreature(table, action.targetId);
      if (wearer === undefined) return "noSuchCreature";
      return checkInHand(table, action.cardId, "tool") ?? (wearer.tools.length === 0 ? null : "hasTool");
    }
    case "playTrainer":
      return checkInHand(table, action.cardId, "trainer") ?? checkTrainer(table, action);
    case "playStadium":
      return checkInHand(table, action.cardId, "stadium") ?? checkStadium(table, action);
    case "retreat":
      return checkRetreat(table, action);
    case "attack":
      return checkAttack(table, action);
    case "offerDraw":
      return table.flags.drawOffered ? "onceATurn" : null;
    case "endTurn":
      return null;
  }
}

function ownCreature({ active, bench }: Table, creatureId: string): CreatureInPlay | undefined {
  return active?.id === creatureId ? active : bench.find(({ id }) => id === creatureId);
}

function definitionInHand(table: Table, cardId: string): CardDefinition | undefined {
  const card = table.hand.find(({ id }) => id === cardId);
  return card === undefined ? undefined : table.cards[card.definitionId];
}

function checkInHand(table: Table, cardId: string, kind: CardDefinition["kind"]): IllegalReason | null {
  const definition = definitionInHand(table, cardId);
  if (definition === undefined) return "cardNotInHand";
  return definition.kind === kind ? null : "wrongKindOfCard";
}

function checkBasic(table: Table, cardId: string): IllegalReason | null {
  const definition = definitionInHand(table, cardId);
  if (definition === undefined) return "cardNotInHand";
  if (definition.kind !== "creature") return "wrongKindOfCard";
  return definition.evolvesFrom === null ? null : "notBasic";
}

/** Not in a player's first turn, and not onto what came into play or evolved in this one. */
function checkEvolution(table: Table, { cardId, targetId }: CardActionOf<"evolve">): IllegalReason | null {
  const target = ownCreature(table, targetId);
  const definition = definitionInHand(table, cardId);
  if (target === undefined) return "noSuchCreature";
  if (definition?.kind !== "creature" || definition.evolvesFrom !== target.definitionId) return "doesNotEvolve";
  return table.turnNumber <= 2 || target.enteredOnTurn >= table.turnNumber ? "tooSoon" : null;
}

function checkStadium(table: Table, { cardId }: CardActionOf<"playStadium">): IllegalReason | null {
  return table.stadium?.definitionId === definitionInHand(table, cardId)?.id ? "noEffect" : null;
}

function checkSetUp(table: Table, { active, bench }: CardActionOf<"setUp">): IllegalReason | null {
  const chosen = [active, ...bench];
  if (new Set(chosen).size !== chosen.length) return "sameCardTwice";
  if (bench.length > table.rules.benchSize) return "benchFull";
  for (const cardId of chosen) {
    const reason = checkBasic(table, cardId);
    if (reason !== null) return reason;
  }
  return null;
}
