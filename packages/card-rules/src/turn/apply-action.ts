import { dueAfter, type GameState, TurnkeepError } from "@turnkeep/game-state";
import { actorOf } from "../board/players.js";
import { timestampRecords } from "../board/record.js";
import { type Table, tableOfState } from "../board/table.js";
import type { CardAction } from "../card-action.js";
import { checkAction, mayMove } from "../check/check-action.js";
import { illegalReasons } from "../check/illegal-reason.js";
import { move } from "../moves/move.js";
import { timeOut } from "../moves/time-out.js";
import { continueGame } from "./continue-game.js";

/**
 * The state after a player's action; everything that did not change is shared with the state before.
 * @throws Forbidden for strangers, NotYourTurn, IllegalAction with one of {@link illegalReasons}
 */
export function applyAction(state: GameState, playerId: string, action: CardAction): GameState {
  const table = tableOfState(state, playerId);
  if (table.phase !== "ended" && !isTheirs(state, playerId, table, action)) {
    throw new TurnkeepError("NotYourTurn", "it is not this player's move", {});
  }
  const reason = checkAction(table, action);
  if (reason !== null) {
    throw new TurnkeepError("IllegalAction", `the rules refuse this: ${illegalReasons[reason]}`, { reason });
  }
  const moved = action.type === "timeOut" ? timeOut(state, playerId) : continueGame(move(state, playerId, action));
  return timestampRecords(withClock(state, moved, action.serviceMs), state.recordCount, action.at);
}

function isTheirs(state: GameState, playerId: string, table: Table, { type }: CardAction): boolean {
  switch (type) {
    case "concede":
    case "acceptDraw":
    case "declineDraw":
    case "close":
      return true;
    case "timeOut":
      return actorOf(state) === playerId;
    default:
      return mayMove(table);
  }
}

/**
 * The clock of the player who has to act starts anew when a turn begins or when another player has to act,
 * and runs on otherwise. It starts late, with the first action that tells the service time, where none ran.
 */
function withClock(before: GameState, after: GameState, serviceMs: number | undefined): GameState {
  const goesOn =
    before.turnDueAt !== null && before.turnNumber === after.turnNumber && actorOf(before) === actorOf(after);
  const due = goesOn ? before.turnDueAt : dueAfter(after.rules, serviceMs);
  const turnDueAt = after.phase === "ended" ? null : due;
  return turnDueAt === after.turnDueAt ? after : { ...after, turnDueAt };
}
