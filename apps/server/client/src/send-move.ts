import type { GameAnswer, News } from "./answers.js";
import { askUntilAnswered, Refusal } from "./api.js";
import { forgetMove, type KeptMove, keepMove } from "./kept-move.js";
import { refusalText } from "./refusal-text.js";
import { session } from "./session.js";

/**
 * Sends a move until there is an answer, and keeps it until then. `onWait` hears of each try without one.
 * @throws Refusal
 */
export async function sendMove(gameId: string, move: KeptMove, onWait: () => void): Promise<GameAnswer> {
  keepMove(gameId, move);
  return settle(gameId, move, () => post(gameId, move, {}, onWait));
}

/**
 * Sends a move that was kept across a reload, and tells whether it is done. Only over the version that the player saw:
 * a server remembers the last writes of a game alone, and what is older would be done a second time.
 */
export async function sendAgain(
  gameId: string,
  move: KeptMove,
  onWait: () => void,
): Promise<{ told: string; answer: GameAnswer | null }> {
  const over = move.version === null ? {} : { expectedVersion: move.version };
  return settle(gameId, move, async () => {
    try {
      return { told: doneText, answer: await post(gameId, move, over, onWait) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const done = await wasDone(gameId, move, onWait).catch(() => null);
      return { told: done === null ? unknownText : done ? doneText : notDoneText(error), answer: null };
    }
  });
}

const doneText = "Your last move, which was still on its way, is done.";
const unknownText = "What became of your last move cannot be told now. Look at the table before you go on.";
const notDoneText = (refusal: Refusal): string => `Your last move was not done. ${refusalText(refusal)}`;

async function settle<T>(gameId: string, move: KeptMove, work: () => Promise<T>): Promise<T> {
  try {
    const said = await work();
    forgetMove(gameId, move);
    return said;
  } catch (error) {
    if (error instanceof Refusal) forgetMove(gameId, move);
    throw error;
  }
}

function post(gameId: string, { writeId, action }: KeptMove, over: object, onWait: () => void): Promise<GameAnswer> {
  const body = { writeId, action, ...over };
  return askUntilAnswered(`/games/${gameId}/actions`, { method: "POST", body, token: session.get()?.token }, onWait);
}

/** Whether the game's log has it; `null` where that does not reach back so far. */
async function wasDone(
  gameId: string,
  { writeId, playerId, version }: KeptMove,
  onWait: () => void,
): Promise<boolean | null> {
  if (version === null) return null;
  const path = `/games/${gameId}/news?since=${encodeURIComponent(version)}`;
  const { writes, exact } = await askUntilAnswered<News>(path, { token: session.get()?.token }, onWait);
  const found = writes.some((write) => write.writeId === writeId && write.playerId === playerId);
  return found || (exact ? false : null);
}
