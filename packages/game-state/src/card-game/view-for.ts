import type { Viewer } from "@turnkeep/core";
import type { GameState } from "./game-state.js";
import type { GameView, PlayerView, RecordView } from "./game-view.js";
import type { ActionRecord } from "./parts/action-record.js";
import { cardsOf, creaturesOf } from "./parts/all-cards.js";
import type { CardDefinition } from "./parts/card-definition.js";
import type { CardInstance } from "./parts/card-instance.js";
import type { PlayerState } from "./parts/player-state.js";

/**
 * The game as this viewer may see it, and nothing else: no deck, no prizes, no hand but their own, no forced action of
 * others, no random numbers, and the definitions of visible cards only. Who is no player sees what a spectator sees.
 */
export function viewFor(state: GameState, viewer: Viewer): GameView {
  const viewerId = viewer !== "spectator" && Object.hasOwn(state.players, viewer.playerId) ? viewer.playerId : null;
  const players: Record<string, PlayerView> = {};
  const visible: CardInstance[] = state.stadium === null ? [] : [state.stadium];
  for (const id of state.turnOrder) {
    const player = state.players[id];
    if (player === undefined) continue;
    const isOwn = id === viewerId;
    players[id] = viewPlayer(player, isOwn);
    visible.push(...player.discard, ...creaturesOf(player).flatMap(cardsOf));
    if (isOwn) visible.push(...player.hand);
  }
  const recentActions = state.recentActions.map((record) => viewRecord(record, viewerId));
  visible.push(...recentActions.flatMap((record) => record.cards));
  return {
    gameId: state.gameId,
    gameType: state.gameType,
    viewerId,
    rules: state.rules,
    cards: definitionsOf(state, visible),
    players,
    turnOrder: state.turnOrder,
    currentPlayerId: state.currentPlayerId,
    turnNumber: state.turnNumber,
    phase: state.phase,
    stadium: state.stadium,
    forcedActions: state.forcedActions.filter(({ playerId }) => playerId === viewerId),
    waitsForOthers: state.forcedActions.some(({ playerId }) => playerId !== viewerId),
    recentActions,
    turnDueAt: state.turnDueAt,
    drawOfferedBy: state.drawOfferedBy,
    result: state.result,
  };
}

function viewPlayer(player: PlayerState, isOwn: boolean): PlayerView {
  const { deck, hand, prizes, ...open } = player;
  return {
    ...open,
    deckCount: deck.length,
    prizeCount: prizes.length,
    handCount: hand.length,
    hand: isOwn ? hand : null,
  };
}

/** What happened, as the viewer may see it: `null` is a spectator. Of hidden cards it shows only how many they are. */
export function viewRecord({ visibleTo, ...record }: ActionRecord, viewerId: string | null): RecordView {
  const mayNameCards = visibleTo === "all" || record.playerId === viewerId;
  return { ...record, cards: mayNameCards ? record.cards : [], cardCount: record.cards.length };
}

function definitionsOf(state: GameState, cards: readonly CardInstance[]): Record<string, CardDefinition> {
  const definitions: Record<string, CardDefinition> = {};
  for (const { definitionId } of cards) {
    const definition = state.cards[definitionId];
    if (definition !== undefined) definitions[definitionId] = definition;
  }
  return definitions;
}
