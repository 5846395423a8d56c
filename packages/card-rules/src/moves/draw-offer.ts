import type { GameState } from "@turnkeep/game-state";
import { changePlayer, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import { endGame } from "../turn/ending.js";

export function offerDraw(state: GameState, playerId: string): GameState {
  const flags = { ...playerOf(state, playerId).flags, drawOffered: true };
  const offered = changePlayer({ ...state, drawOfferedBy: playerId }, playerId, { flags });
  return record(offered, { type: "offerDraw", playerId });
}

export function acceptDraw(state: GameState, playerId: string): GameState {
  return endGame(record(state, { type: "acceptDraw", playerId }), null, "tied");
}

export function declineDraw(state: GameState, playerId: string): GameState {
  return record({ ...state, drawOfferedBy: null }, { type: "declineDraw", playerId });
}
