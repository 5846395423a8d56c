import { type Game, Refusal, requests } from "@turnkeep/api";
import { askPatiently, type OnWait } from "./ask-patiently.js";
import { forgetMove, type KeptMove, keepMove } from "./kept-move.js";
import { refusalText } from "./refusal-text.js";

/**
 * Sends a move until there is an answer, and keeps it until then; `over` the version that it asks for, if any.
 * @throws Refusal
 */
export async function sendMove(gameId: string, move: KeptMove, over: object, onWait: OnWait): Promise<Game> {
  keepMove(gameId, move);
  return keptUntilAnswered(gameId, move, () => send(gameId, move, over, onWait));
}

/** What became of a move that was on its way when the page was loaded. */
export interface SentAgain {
  /** In words. */
  readonly report: string;
  /** The game after it; `null` where the move is not known to be done now. */
  readonly game: Game | null;
}

/**
 * Sends a move that was kept across a reload, and reports whether it is done. Only over the version that the player saw:
 * a server remembers the last writes of a game alone, and what is older would be done a second time.
 */
export async function sendAgain(gameId: string, move: KeptMove, onWait: OnWait): Promise<SentAgain> {
  const over = move.version === null ? {} : { expectedVersion: move.version };
  return keptUntilAnswered(gameId, move, async () => {
    try {
      return { report: doneText, game: await send(gameId, move, over, onWait) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const done = await wasDone(gameId, move, onWait).catch(() => null);
      return { report: done === null ? unknownText : done ? doneText : notDoneText(error), game: null };
    }
  });
}

const doneText = "Your last move, which was still on its way, is done.";
const unknownText = "What became of your last move cannot be said now. Look at the table before you go on.";
const notDoneText = (refusal: Refusal): string => `Your last move was not done. ${refusalText(refusal)}`;

async function keptUntilAnswered<T>(gameId: string, move: KeptMove, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work();
    forgetMove(gameId, move);
    return answer;
  } catch (error) {
    if (error instanceof Refusal) forgetMove(gameId, move);
    throw error;
  }
}

function send(gameId: string, { writeId, action }: KeptMove, over: object, onWait: OnWait): Promise<Game> {
  return askPatiently(requests.act(gameId, { writeId, action, ...over }), onWait);
}

/** Whether the game's log has it; `null` where that does not reach back so far. */
async function wasDone(
  gameId: string,
  { writeId, playerId, version }: KeptMove,
  onWait: OnWait,
): Promise<boolean | null> {
  if (version === null) return null;
  const { writes, exact } = await askPatiently(requests.getNews(gameId, version), onWait);
  const found = writes.some((write) => write.writeId === writeId && write.playerId === playerId);
  return found || (exact ? false : null);
}
