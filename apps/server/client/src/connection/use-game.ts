import { type Game, isOlder, Refusal } from "@turnkeep/api";
import type { CardAction } from "@turnkeep/card-rules";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { OnWait } from "./ask-patiently.js";
import { watchGame } from "./connection.js";
import { keptMove } from "./kept-move.js";
import { refusalText } from "./refusal-text.js";
import { sendAgain, sendMove } from "./send-move.js";
import { session } from "./session.js";
import { useStore } from "./store.js";
import { newWriteId } from "./write-id.js";

export interface SeenGame {
  readonly game: Game | null;
  /** When that was heard, by this page's clock. */
  readonly heardAt: number;
  /** Why it cannot be seen. */
  readonly gone: string | null;
  /** The player's move is on its way; `waiting` once a try got no answer. */
  readonly pending: "no" | "sent" | "waiting";
  /** Why the last move was not done. */
  readonly refusal: string | null;
  /** What became of a move that was on its way when the page was loaded. */
  readonly report: string | null;
  /** `byItself`: the page moves for a player who has no choice; if that fails, the table says what there is to do. */
  readonly act: (action: CardAction, how?: { readonly byItself: boolean }) => Promise<void>;
}

/** A game as this player sees it, now and whenever it changes. One move is on its way at a time, and none is lost. */
export function useGame(gameId: string): SeenGame {
  const [game, setGame] = useState<Game | null>(null);
  const heardAt = useRef({ game, at: 0 });
  if (heardAt.current.game !== game) heardAt.current = { game, at: Date.now() };
  const [gone, setGone] = useState<string | null>(null);
  const [pending, setPending] = useState<SeenGame["pending"]>("no");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [report, setReport] = useState<string | null>(null);
  const busy = useRef(false);
  const playerId = useStore(session)?.playerId;

  useEffect(() => {
    setGame(null);
    setGone(null);
    return watchGame(gameId, {
      view: (answer) => {
        setGame(answer);
        setGone(null);
      },
      gone: (code) => setGone(goneText(code)),
    });
  }, [gameId]);

  const whileBusy = useCallback(async (work: (onWait: OnWait) => Promise<Game | null>, byItself = false) => {
    if (busy.current) return;
    busy.current = true;
    setPending("sent");
    if (!byItself) {
      setRefusal(null);
      setReport(null);
    }
    try {
      const answer = await work((waits) => setPending(waits ? "waiting" : "sent"));
      // What comes over HTTP may be older than what was pushed meanwhile; what is pushed never is.
      if (answer !== null) setGame((seen) => (seen !== null && isOlder(answer, seen) ? seen : answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!byItself) setRefusal(refusalText(error));
    } finally {
      busy.current = false;
      setPending("no");
    }
  }, []);

  useEffect(() => {
    const kept = playerId === undefined ? null : keptMove(gameId, playerId);
    if (kept === null) return;
    void whileBusy(async (onWait) => {
      const sent = await sendAgain(gameId, kept, onWait);
      setReport(sent.report);
      return sent.game;
    });
  }, [gameId, playerId]);

  const act = useCallback(
    async (action: CardAction, { byItself } = { byItself: false }) => {
      if (playerId === undefined) return;
      const version = heardAt.current.game?.version ?? null;
      const move = { writeId: newWriteId(), playerId, action, version };
      const over = byItself && version !== null ? { expectedVersion: version } : {};
      await whileBusy((onWait) => sendMove(gameId, move, over, onWait), byItself);
    },
    [gameId, playerId],
  );

  return { game, heardAt: heardAt.current.at, gone, pending, refusal, report, act };
}

function goneText(code: string): string {
  switch (code) {
    case "GameGone":
      return "This game was deleted.";
    case "GameNotFound":
    case "InvalidGameId":
      return "There is no game here: its address is wrong, or it was deleted.";
    case "GameQuarantined":
      return "Something is wrong with this game. Nothing of it is lost: an operator looks after it.";
    default:
      return "This game cannot be seen now. Load the page again in a while.";
  }
}
