import { type CardEndReason, creaturesOf, type GameState } from "@turnkeep/game-state";
import { playerOf } from "../board/players.js";

export function endGame(state: GameState, winnerId: string | null, reason: CardEndReason): GameState {
  return { ...state, phase: "ended", forcedActions: [], result: { winnerId, reason } };
}

/** Ends the game if a player has won it on the table. Who wins in more ways wins; in as many, it is a tie. */
export function endIfWon(state: GameState): GameState {
  const [first, second] = state.turnOrder;
  const ofFirst = waysToWin(state, first, second);
  const ofSecond = waysToWin(state, second, first);
  const [reason] = ofFirst.length > ofSecond.length ? ofFirst : ofSecond;
  if (reason === undefined) return state;
  if (ofFirst.length === ofSecond.length) return endGame(state, null, "tied");
  return endGame(state, ofFirst.length > ofSecond.length ? first : second, reason);
}

function waysToWin(state: GameState, playerId: string, opponentId: string): readonly CardEndReason[] {
  const ways: CardEndReason[] = [];
  if (playerOf(state, playerId).prizes.length === 0) ways.push("prizesTaken");
  if (creaturesOf(playerOf(state, opponentId)).length === 0) ways.push("noCreaturesLeft");
  return ways;
}

/** Out of turns: who has fewer prizes left wins. */
export function endByTurnLimit(state: GameState): GameState {
  const [first, second] = state.turnOrder;
  const lead = playerOf(state, second).prizes.length - playerOf(state, first).prizes.length;
  if (lead === 0) return endGame(state, null, "tied");
  return endGame(state, lead > 0 ? first : second, "turnLimitReached");
}
