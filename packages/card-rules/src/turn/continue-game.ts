import { creaturesOf, type ForcedAction, type GameState, noTurnFlags } from "@turnkeep/game-state";
import { hitPointsOf } from "../board/continuing.js";
import { creatureDefinition } from "../board/creatures.js";
import { bareCard, changePlayer, opponentOf, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import { discardCreature } from "../effects/on-creatures.js";
import { passBetweenTurns } from "./between-turns.js";
import { endByTurnLimit, endIfWon } from "./ending.js";

/**
 * Carries the game on after a move, as far as it goes without a player:
 *
 *   setup --both laid out--> draw --draw--> main --attack, endTurn--> attack
 *   attack --hand within limit, no place empty--> betweenTurns --no place empty--> draw of the next turn
 *
 * Creatures without hit points are knocked out before each step. A step that needs a player leaves a forced action.
 */
export function continueGame(state: GameState): GameState {
  if (state.phase === "ended" || state.phase === "draw") return state;
  if (state.phase === "setup") return bothLaidOut(state) ? beginTurn(state, state.turnOrder[0]) : state;

  const reached = forcePromotions(endIfWon(knockOut(state)));
  if (reached.phase === "ended" || reached.forcedActions.length > 0) return reached;
  switch (reached.phase) {
    case "attack": {
      const forced = discardOverLimit(reached);
      return forced === null ? continueGame(passBetweenTurns(reached)) : { ...reached, forcedActions: [forced] };
    }
    case "betweenTurns":
      return beginTurn(reached, opponentOf(reached, reached.currentPlayerId));
    default:
      return reached;
  }
}

function bothLaidOut(state: GameState): boolean {
  return state.turnOrder.every((id) => playerOf(state, id).active !== null);
}

function beginTurn(state: GameState, playerId: string): GameState {
  if (state.turnNumber >= state.rules.turnLimit) return endByTurnLimit(state);
  const begun: GameState = {
    ...state,
    turnNumber: state.turnNumber + 1,
    currentPlayerId: playerId,
    phase: "draw",
    drawOfferedBy: state.drawOfferedBy === playerId ? null : state.drawOfferedBy,
  };
  return changePlayer(begun, playerId, { flags: noTurnFlags });
}

/** Takes creatures without hit points out of play; the opponent takes prizes for each. */
function knockOut(state: GameState): GameState {
  let after = state;
  for (const playerId of state.turnOrder) {
    for (const creature of creaturesOf(playerOf(state, playerId))) {
      if (creature.damage < hitPointsOf(state, creature)) continue;
      const { prizeValue } = creatureDefinition(state, creature);
      after = record(discardCreature(after, playerId, creature.id), {
        type: "knockOut",
        playerId,
        cards: [bareCard(creature)],
      });
      after = takePrizes(after, opponentOf(state, playerId), prizeValue);
    }
  }
  return after;
}

function takePrizes(state: GameState, playerId: string, count: number): GameState {
  const { prizes, hand } = playerOf(state, playerId);
  const left = prizes.slice(0, Math.max(0, prizes.length - count));
  const taken = prizes.slice(left.length);
  const after = changePlayer(state, playerId, { prizes: left, hand: [...hand, ...taken] });
  return record(after, { type: "takePrizes", playerId, cards: taken, visibleTo: "player" });
}

function forcePromotions(state: GameState): GameState {
  if (state.phase === "ended") return state;
  const forced = state.turnOrder.flatMap((playerId): ForcedAction[] => {
    const isKnown = state.forcedActions.some((known) => known.playerId === playerId && known.type === "promote");
    return playerOf(state, playerId).active === null && !isKnown ? [{ type: "promote", playerId }] : [];
  });
  return forced.length === 0 ? state : { ...state, forcedActions: [...state.forcedActions, ...forced] };
}

function discardOverLimit(state: GameState): ForcedAction | null {
  const playerId = state.currentPlayerId;
  const count = playerOf(state, playerId).hand.length - state.rules.handLimit;
  return count > 0 ? { type: "discard", playerId, count } : null;
}
