import { cardGame, type GameState, type GameView } from "@turnkeep/game-state";
import { mayMove } from "./apply-action.js";
import type { CardAction } from "./card-action.js";
import { checkAction } from "./check-action.js";
import { type Table, tableOfView } from "./table.js";

/** What the viewer may do now, told from what they see. Nothing for spectators. See {@link legalActions}. */
export function legalActionsFromView(view: GameView): readonly CardAction[] {
  const table = tableOfView(view);
  if (table === null || table.phase === "ended") return [];
  const moves = mayMove(table) ? candidates(table).filter((action) => checkAction(table, action) === null) : [];
  return [...moves, { type: "concede" }];
}

/**
 * What the player may do now; conceding comes last. Of set-ups and of forced discards, which can be combined in many
 * ways, it lists some: each creature in front, alone or with a full bench; the oldest or the newest cards discarded.
 */
export function legalActions(state: GameState, playerId: string): readonly CardAction[] {
  return legalActionsFromView(cardGame.viewFor(state, { playerId }));
}

/** Everything worth a try, whether it is allowed or not. */
function candidates(table: Table): readonly CardAction[] {
  const hand = table.hand.map(({ id }) => id);
  const inPlay = [table.active, ...table.bench].flatMap((creature) => (creature === null ? [] : [creature.id]));
  if (table.phase === "setup") return setUps(table, hand);
  if (table.forced?.type === "promote") return inPlay.map((cardId) => ({ type: "promote", cardId }));
  if (table.forced?.type === "discard") {
    const { count } = table.forced;
    const choices = hand.length === count ? [hand] : [hand.slice(0, count), hand.slice(-count)];
    return choices.map((cardIds) => ({ type: "discard", cardIds }));
  }
  return [
    { type: "draw" },
    ...hand.map((cardId): CardAction => ({ type: "playCreature", cardId })),
    ...hand.flatMap((cardId) => inPlay.map((targetId): CardAction => ({ type: "attachEnergy", cardId, targetId }))),
    ...hand.flatMap((cardId) =>
      [null, ...inPlay].map((targetId): CardAction => ({ type: "playTrainer", cardId, targetId })),
    ),
    ...inPlay.map((benchId): CardAction => ({ type: "retreat", benchId })),
    ...[0, 1, 2, 3].map((attackIndex): CardAction => ({ type: "attack", attackIndex })),
    { type: "endTurn" },
  ];
}

function setUps(table: Table, hand: readonly string[]): readonly CardAction[] {
  const creatures = hand.filter((cardId) => checkAction(table, { type: "setUp", active: cardId, bench: [] }) === null);
  return creatures.flatMap((active): CardAction[] => {
    const others = creatures.filter((cardId) => cardId !== active).slice(0, table.rules.benchSize);
    const alone: CardAction = { type: "setUp", active, bench: [] };
    return others.length === 0 ? [alone] : [{ type: "setUp", active, bench: others }, alone];
  });
}
