import type { GameState } from "@turnkeep/game-state";
import { actorOf, changePlayer, opponentOf, playerOf } from "../board/players.js";
import { record } from "../board/record.js";
import { type Table, tableOfState } from "../board/table.js";
import type { CardAction } from "../card-action.js";
import { setUpsOf } from "../check/legal-actions.js";
import { continueGame } from "../turn/continue-game.js";
import { endGame } from "../turn/ending.js";
import { move } from "./move.js";

/**
 * The player has run out of time. Where that costs the turn, everything that they still have to do is done for them in
 * the plainest way, until another player has to act or the next turn begins; where they did so too often, it costs the
 * game.
 */
export function timeOut(state: GameState, playerId: string): GameState {
  const { onTimeOut, timeoutsAllowed } = state.rules;
  const timeouts = playerOf(state, playerId).timeouts + 1;
  let after = record(changePlayer(state, playerId, { timeouts }), { type: "timeOut", playerId, amount: timeouts });
  if (onTimeOut === "loseGame" || timeouts > timeoutsAllowed) {
    return endGame(after, opponentOf(state, playerId), "timedOut");
  }
  while (after.turnNumber === state.turnNumber && actorOf(after) === playerId) {
    after = continueGame(move(after, playerId, plainestAction(tableOfState(after, playerId))));
  }
  return after;
}

function plainestAction(table: Table): Exclude<CardAction, { type: "timeOut" }> {
  const { forced, hand, bench, phase } = table;
  if (forced?.type === "mulliganDraw") return { type: "mulliganDraw", count: 0 };
  if (forced?.type === "discard") return { type: "discard", cardIds: hand.slice(0, forced.count).map(({ id }) => id) };
  if (forced?.type === "promote") return { type: "promote", cardId: bench[0]?.id ?? "" };
  if (phase === "draw") return { type: "draw" };
  return phase === "setup" ? (setUpsOf(table)[0] ?? { type: "concede" }) : { type: "endTurn" };
}
