import { type GameState, TurnkeepError } from "@turnkeep/game-state";
import type { CardAction } from "./card-action.js";
import { checkAction } from "./check-action.js";
import { drawCards } from "./effects.js";
import { endGame } from "./ending.js";
import { attack } from "./moves/attack.js";
import { discard, promote } from "./moves/forced.js";
import { attachEnergy, playCreature, playTrainer, retreat } from "./moves/main-phase.js";
import { setUp } from "./moves/set-up.js";
import { opponentOf, playerOf } from "./players.js";
import { record, stampRecords } from "./record.js";
import { settle } from "./settle.js";
import { type Table, tableOfState } from "./table.js";

/**
 * The state after a player's action; everything that did not change is shared with the state before.
 * @throws Forbidden for strangers, NotYourTurn, IllegalAction with an {@link IllegalReason}
 */
export function applyAction(state: GameState, playerId: string, action: CardAction): GameState {
  const table = tableOfState(state, playerId);
  if (table.phase !== "ended" && action.type !== "concede" && !mayMove(table)) {
    throw new TurnkeepError("NotYourTurn", "it is not this player's move", {});
  }
  const reason = checkAction(table, action);
  if (reason !== null) throw new TurnkeepError("IllegalAction", `the rules refuse this: ${reason}`, { reason });
  return stampRecords(settle(move(state, playerId, action)), state.recordCount, action.at);
}

/** Whether the game waits for this player: a forced action comes before the turn. */
export function mayMove(table: Table): boolean {
  return table.forced !== null || (table.isCurrentPlayer && !table.waitsForOthers);
}

function move(state: GameState, playerId: string, action: CardAction): GameState {
  switch (action.type) {
    case "setUp":
      return setUp(state, playerId, action);
    case "draw":
      if (playerOf(state, playerId).deck.length === 0) return endGame(state, opponentOf(state, playerId), "deckEmpty");
      return drawCards({ ...state, phase: "main" }, playerId, 1);
    case "playCreature":
      return playCreature(state, playerId, action);
    case "attachEnergy":
      return attachEnergy(state, playerId, action);
    case "playTrainer":
      return playTrainer(state, playerId, action);
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
    case "concede":
      return endGame(record(state, { type: "concede", playerId }), opponentOf(state, playerId), "conceded");
  }
}
