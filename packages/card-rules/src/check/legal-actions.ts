import type { GameState, GameView } from "@turnkeep/game-state";
import { type Table, tableOfState, tableOfView } from "../board/table.js";
import type { CardAction, CardActionOf } from "../card-action.js";
import { checkAction, mayMove } from "./check-action.js";

/** What the viewer may do now, derived from what they see. Nothing for spectators. See {@link legalActions}. */
export function legalActionsFromView(view: GameView): readonly CardAction[] {
  const table = tableOfView(view);
  return table === null ? [] : legalActionsAt(table);
}

/**
 * What the player may do now; conceding comes last. Of set-ups and of forced discards, which can be combined in many
 * ways, it lists some: each creature in front, alone or with a full bench; the oldest or the newest cards discarded.
 */
export function legalActions(state: GameState, playerId: string): readonly CardAction[] {
  return Object.hasOwn(state.players, playerId) ? legalActionsAt(tableOfState(state, playerId)) : [];
}

/** The same, for who has the table already. */
export function legalActionsAt(table: Table): readonly CardAction[] {
  if (table.phase === "ended") return [];
  const answers: CardAction[] = table.isOfferedDraw ? [{ type: "acceptDraw" }, { type: "declineDraw" }] : [];
  const moves = mayMove(table) ? candidates(table).filter((action) => checkAction(table, action) === null) : [];
  return [...moves, ...answers, { type: "concede" }];
}

/** Everything worth a try, whether it is allowed or not. */
function candidates(table: Table): readonly CardAction[] {
  const { forced, phase } = table;
  if (forced !== null) return forcedActions(table, forced);
  if (phase === "setup") return setUpsOf(table);
  if (phase !== "main") return [{ type: "draw" }];
  const inPlay = [table.active, ...table.bench].flatMap((creature) => (creature === null ? [] : [creature.id]));
  return [
    ...table.hand.flatMap(({ id, definitionId }) => playsOf(table, id, definitionId, inPlay)),
    ...inPlay.map((benchId): CardAction => ({ type: "retreat", benchId })),
    ...[0, 1, 2, 3].map((attackIndex): CardAction => ({ type: "attack", attackIndex })),
    { type: "endTurn" },
    { type: "offerDraw" },
  ];
}

function forcedActions(table: Table, forced: NonNullable<Table["forced"]>): readonly CardAction[] {
  const hand = table.hand.map(({ id }) => id);
  switch (forced.type) {
    case "mulliganDraw":
      return Array.from({ length: forced.count + 1 }, (_, less) => ({ type: forced.type, count: forced.count - less }));
    case "promote":
      return table.bench.map(({ id }) => ({ type: forced.type, cardId: id }));
    case "discard": {
      const { count } = forced;
      const choices = hand.length === count ? [hand] : [hand.slice(0, count), hand.slice(-count)];
      return choices.map((cardIds) => ({ type: forced.type, cardIds }));
    }
  }
}

/** The ways to play one card of the hand. */
function playsOf(table: Table, cardId: string, definitionId: string, inPlay: readonly string[]): readonly CardAction[] {
  const definition = table.cards[definitionId];
  switch (definition?.kind) {
    case "creature":
      if (definition.evolvesFrom === null) return [{ type: "playCreature", cardId }];
      return inPlay.map((targetId) => ({ type: "evolve", cardId, targetId }));
    case "energy":
      return inPlay.map((targetId) => ({ type: "attachEnergy", cardId, targetId }));
    case "tool":
      return inPlay.map((targetId) => ({ type: "attachTool", cardId, targetId }));
    case "stadium":
      return [{ type: "playStadium", cardId }];
    case "trainer": {
      const targets = [null, ...inPlay, ...table.opponent.bench.map(({ id }) => id)];
      return targets.map((targetId) => ({ type: "playTrainer", cardId, targetId }));
    }
    default:
      return [];
  }
}

/** Each creature of the hand in front, with as many others on the bench as fit, or alone. */
export function setUpsOf(table: Table): readonly CardActionOf<"setUp">[] {
  const creatures = table.hand.flatMap(({ id, definitionId }) => {
    const definition = table.cards[definitionId];
    return definition?.kind === "creature" && definition.evolvesFrom === null ? [id] : [];
  });
  return creatures.flatMap((active): CardActionOf<"setUp">[] => {
    const others = creatures.filter((cardId) => cardId !== active).slice(0, table.rules.benchSize);
    const alone: CardActionOf<"setUp"> = { type: "setUp", active, bench: [] };
    return others.length === 0 ? [alone] : [{ type: "setUp", active, bench: others }, alone];
  });
}
