import type { PlayerView, RecordView } from "@turnkeep/game-state";
import { type CardInstance, type CreatureInPlay, conditionSchema, type GameView } from "@turnkeep/game-state";
import { creaturesOf } from "../board/moves.js";

/**
 * The table after one thing that happened, as far as its record shows: for a moment, on the way from one view to
 * another. What the record does not say, such as what an energy was attached to, is looked up in the view at the end.
 */
export function happen(view: GameView, record: RecordView, end: GameView): GameView {
  if (record.type === "playStadium") return { ...view, stadium: record.cards[0] ?? null };
  const side = view.players[record.playerId];
  if (side === undefined) return view;
  const players = { ...view.players, [record.playerId]: happenOn(side, record, end) };
  return { ...view, players, currentPlayerId: record.playerId, turnNumber: record.turn };
}

function happenOn(side: PlayerView, { type, cards, cardCount, amount }: RecordView, end: GameView): PlayerView {
  const [card] = cards;
  const change = (id: string | undefined, to: (creature: CreatureInPlay) => CreatureInPlay | null) =>
    changed(side, (creature) => (creature.id === id ? to(creature) : creature));
  switch (type) {
    case "draw":
      return { ...side, handCount: side.handCount + cardCount, deckCount: side.deckCount - cardCount };
    case "takePrizes":
      return { ...side, handCount: side.handCount + cardCount, prizeCount: side.prizeCount - cardCount };
    case "setUp":
      return { ...side, active: card ? bare(card) : null, bench: cards.slice(1).map(bare) };
    case "playCreature":
      return { ...side, bench: [...side.bench, ...cards.map(bare)] };
    case "evolve": {
      const { under = [] } = creatureAt(end, card?.id) ?? {};
      return change(under.at(-1)?.id, (creature) => ({ ...creature, ...card, conditions: [], under }));
    }
    case "attachEnergy":
      return change(holderOf(end, card)?.id, (creature) => ({ ...creature, energy: [...creature.energy, ...cards] }));
    case "attachTool":
      return change(holderOf(end, card)?.id, (creature) => ({ ...creature, tools: [...creature.tools, ...cards] }));
    case "promote":
      return stepForward(side, card?.id);
    case "retreat":
      return stepForward(side, end.players[side.id]?.active?.id);
    case "damage":
      return change(card?.id, (creature) => ({ ...creature, damage: creature.damage + (amount ?? 0) }));
    case "heal":
      return change(card?.id, (creature) => ({ ...creature, damage: Math.max(0, creature.damage - (amount ?? 0)) }));
    case "condition": {
      const condition = conditionSchema.options[amount ?? -1];
      const more = condition === undefined ? [] : [condition];
      return change(card?.id, (creature) => ({ ...creature, conditions: [...creature.conditions, ...more] }));
    }
    case "cure":
      return change(card?.id, (creature) => ({ ...creature, conditions: creatureAt(end, card?.id)?.conditions ?? [] }));
    case "knockOut":
      return change(card?.id, () => null);
    default:
      return side;
  }
}

function changed(side: PlayerView, to: (creature: CreatureInPlay) => CreatureInPlay | null): PlayerView {
  const bench = side.bench.flatMap((creature) => to(creature) ?? []);
  return { ...side, active: side.active && to(side.active), bench };
}

function stepForward(side: PlayerView, id: string | undefined): PlayerView {
  const active = side.bench.find((creature) => creature.id === id);
  if (active === undefined) return side;
  const back = side.active === null ? [] : [{ ...side.active, conditions: [] }];
  return { ...side, active, bench: [...side.bench.filter((creature) => creature !== active), ...back] };
}

const creatureAt = (view: GameView, id: string | undefined): CreatureInPlay | undefined =>
  Object.values(view.players)
    .flatMap(creaturesOf)
    .find((creature) => creature.id === id);

/** On which creature a card lies. */
export const holderOf = (view: GameView, card: CardInstance | undefined): CreatureInPlay | undefined =>
  Object.values(view.players)
    .flatMap(creaturesOf)
    .find(({ energy, tools }) => [...energy, ...tools].some(({ id }) => id === card?.id));

const bare = ({ id, definitionId, owner }: CardInstance): CreatureInPlay => ({
  ...{ id, definitionId, owner, damage: 0, energy: [], tools: [], conditions: [], under: [], enteredOnTurn: 0 },
});
