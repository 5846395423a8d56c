import type { GameState } from "@turnkeep/game-state";
import { opponentOf, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import type { CardAction } from "../card-action.js";
import { drawCards } from "../effects/hand-and-deck.js";
import { endGame } from "../turn/ending.js";
import { attack } from "./attack.js";
import { acceptDraw, declineDraw, offerDraw } from "./draw-offer.js";
import { discard, mulliganDraw, promote } from "./forced.js";
import { attachEnergy, attachTool, evolve, playCreature, playStadium, playTrainer, retreat } from "./main-phase.js";
import { setUp } from "./set-up.js";

/** What one action does by itself; it has been checked. What follows from it is for `continueGame`. */
export function move(state: GameState, playerId: string, action: Exclude<CardAction, { type: "timeOut" }>): GameState {
  switch (action.type) {
    case "mulliganDraw":
      return mulliganDraw(state, playerId, action);
    case "setUp":
      return setUp(state, playerId, action);
    case "draw":
      if (playerOf(state, playerId).deck.length === 0) return endGame(state, opponentOf(state, playerId), "deckEmpty");
      return drawCards({ ...state, phase: "main" }, playerId, 1);
    case "playCreature":
      return playCreature(state, playerId, action);
    case "evolve":
      return evolve(state, playerId, action);
    case "attachEnergy":
      return attachEnergy(state, playerId, action);
    case "attachTool":
      return attachTool(state, playerId, action);
    case "playTrainer":
      return playTrainer(state, playerId, action);
    case "playStadium":
      return playStadium(state, playerId, action);
    case "retreat":
      return retreat(state, playerId, action);
    case "attack":
      return attack(state, playerId, action);
    case "promote":
      return promote(state, playerId, action);
    case "discard":
      return discard(state, playerId, action);
    case "endTurn":
      return record({ ...state, phase: "attack" }, { type: "endTurn", playerId });
    case "offerDraw":
      return offerDraw(state, playerId);
    case "acceptDraw":
      return acceptDraw(state, playerId);
    case "declineDraw":
      return declineDraw(state, playerId);
    case "concede":
      return endGame(record(state, { type: "concede", playerId }), opponentOf(state, playerId), "conceded");
    case "close":
      return endGame(record(state, { type: "close", playerId }), null, action.reason);
  }
}
