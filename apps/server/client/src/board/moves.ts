import { type CardAction, damageDealt, legalActionsFromView } from "@turnkeep/card-rules";
import type { CardDefinition, CreatureInPlay, GameView, PlayerView } from "@turnkeep/game-state";
import { spaced } from "../common/words.js";

/** Something that the player may do now: by a card (or none), at a place of the table (or none). */
export interface Move {
  readonly action: CardAction;
  readonly source: string | null;
  readonly target: string | null;
  readonly label: string;
}

/** What the page lets the player put together by itself, since it has too many ways to list. */
export type Choice =
  | { readonly kind: "setUp"; readonly creatures: ReadonlySet<string>; readonly benchSize: number }
  | { readonly kind: "discard"; readonly count: number };

export interface Moves {
  /** Begun with a card of the hand or in play. */
  readonly byCard: ReadonlyMap<string, readonly Move[]>;
  /** Of creatures that one click decides, as the one that steps forward. */
  readonly direct: ReadonlyMap<string, Move>;
  /** Buttons. */
  readonly plain: readonly Move[];
  readonly choice: Choice | null;
  readonly concede: Move | null;
}

const aside: ReadonlySet<string> = new Set(["offerDraw"]);
export const isAside = ({ action }: Move): boolean => aside.has(action.type);

/** What the viewer may do, found by the game's own rules from what the viewer sees. */
export function movesOf(view: GameView): Moves {
  const byCard = new Map<string, Move[]>();
  const direct = new Map<string, Move>();
  const plain: Move[] = [];
  const creatures = new Set<string>();
  let choice: Choice | null = null;
  let concede: Move | null = null;
  for (const action of legalActionsFromView(view)) {
    const move = moveOf(view, action);
    if (action.type === "concede") concede = move;
    else if (action.type === "setUp") {
      creatures.add(action.active);
      choice = { kind: "setUp", creatures, benchSize: view.rules.benchSize };
    } else if (action.type === "discard") choice = { kind: "discard", count: action.cardIds.length };
    else if (action.type === "promote") direct.set(action.cardId, move);
    else if (move.source === null) plain.push(move);
    else byCard.set(move.source, [...(byCard.get(move.source) ?? []), move]);
  }
  return { byCard, direct, plain, choice, concede };
}

export const hasMoves = ({ byCard, direct, plain, choice }: Moves): boolean =>
  byCard.size > 0 || direct.size > 0 || plain.length > 0 || choice !== null;

/** For whom the game waits: not always whose turn it is, as when a creature has to step forward. */
export function moverOf(view: GameView): string | null {
  const { viewerId, turnOrder, players, result, forcedActions, waitsForOthers, currentPlayerId } = view;
  if (result !== null) return null;
  if (forcedActions.length > 0) return viewerId;
  if (!waitsForOthers) return currentPlayerId;
  const others = turnOrder.filter((id) => id !== viewerId);
  return (
    others.find((id) => players[id]?.active === null) ?? (viewerId === null ? currentPlayerId : (others[0] ?? null))
  );
}

function moveOf(view: GameView, action: CardAction): Move {
  const own = ownSide(view);
  const of = (source: string | null, target: string | null, label: string): Move => ({ action, source, target, label });
  switch (action.type) {
    case "draw":
      return of(null, null, "Draw a card");
    case "mulliganDraw":
      return of(null, null, action.count === 0 ? "Draw none" : `Draw ${action.count} more`);
    case "endTurn":
      return of(null, null, "End turn");
    case "attack":
      return of(null, null, attackLabel(view, action.attackIndex));
    case "retreat":
      return of(own?.active?.id ?? null, action.benchId, `Retreat to ${cardName(view, action.benchId)}`);
    case "playCreature":
      return of(action.cardId, null, "Play to the bench");
    case "promote":
      return of(action.cardId, null, `Send ${cardName(view, action.cardId)} forward`);
    case "concede":
      return of(null, null, "Concede");
    case "offerDraw":
      return of(null, null, "Offer a draw");
    case "acceptDraw":
      return of(null, null, "Accept the draw");
    case "declineDraw":
      return of(null, null, "Decline the draw");
    default:
      return generalMove(view, action);
  }
}

/** Also what rules newer than this page may bring. */
function generalMove(view: GameView, action: CardAction): Move {
  const source = "cardId" in action ? action.cardId : null;
  const target = "targetId" in action ? action.targetId : null;
  const operations: Readonly<Record<string, string>> = {
    attachEnergy: "Attach",
    attachTool: "Attach",
    evolve: "Evolve",
  };
  const operation = operations[action.type] ?? (source === null ? spaced(action.type) : "Play");
  return { action, source, target, label: target === null ? operation : `${operation}: ${placeName(view, target)}` };
}

function attackLabel(view: GameView, index: number): string {
  const active = ownSide(view)?.active;
  const definition = active ? view.cards[active.definitionId] : undefined;
  const attack = definition?.kind === "creature" ? definition.attacks[index] : undefined;
  if (!active || attack === undefined) return `Attack ${index + 1}`;
  const defender = Object.values(view.players).find(({ id }) => id !== view.viewerId)?.active;
  const damage = defender ? damageDealt(view, active, defender, attack.damage) : attack.damage;
  return attack.damage > 0 ? `${attack.name} (${damage})` : attack.name;
}

export function ownSide(view: GameView): PlayerView | undefined {
  return view.viewerId === null ? undefined : view.players[view.viewerId];
}

export function creaturesOf(player: PlayerView): readonly CreatureInPlay[] {
  return player.active === null ? player.bench : [player.active, ...player.bench];
}

/** Of a card on the table or in the hand; `undefined` for one that is not seen. */
export function definitionOf(view: GameView, cardId: string): CardDefinition | undefined {
  const everywhere = Object.values(view.players).flatMap((player) => [...creaturesOf(player), ...(player.hand ?? [])]);
  const card = everywhere.find(({ id }) => id === cardId);
  return card === undefined ? undefined : view.cards[card.definitionId];
}

export const cardName = (view: GameView, cardId: string): string => definitionOf(view, cardId)?.name ?? "a card";

function placeName(view: GameView, cardId: string): string {
  const isActive = Object.values(view.players).some(({ active }) => active?.id === cardId);
  return `${cardName(view, cardId)}${isActive ? " (active)" : ""}`;
}
