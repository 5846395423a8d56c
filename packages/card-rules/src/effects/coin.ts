import { drawNumber, type GameState } from "@turnkeep/game-state";
import { record } from "../board/record.js";

/** Flips a coin of the state's own random numbers. */
export function flipCoin(state: GameState, playerId: string): { state: GameState; heads: boolean } {
  const { value, random } = drawNumber(state.random, 2);
  return { state: record({ ...state, random }, { type: "coinFlip", playerId, amount: value }), heads: value === 1 };
}
