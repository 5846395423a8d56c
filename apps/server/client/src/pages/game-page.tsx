import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { announceRecords } from "../board/announcer.js";
import { Board } from "../board/board.js";
import { hasMoves, movesOf } from "../board/moves.js";
import { Notice } from "../common/notice.js";
import { connection } from "../connection/connection.js";
import { useStore } from "../connection/store.js";
import { useGame } from "../connection/use-game.js";

/** A game that is being played, or was: for its players to play, for everybody else to watch. */
export function GamePage({ gameId }: { gameId: string }): JSX.Element {
  const seen = useGame(gameId);
  const connected = useStore(connection) === "live";
  const { game, gone } = seen;
  const view = game?.view;
  useEffect(() => {
    if (view !== undefined) announceRecords(view);
  }, [view]);
  useEffect(() => {
    if (view === undefined) return;
    const mine = view.viewerId !== null && view.result === null && hasMoves(movesOf(view));
    document.title = mine ? "Your move · Turnkeep" : "Game · Turnkeep";
  }, [view]);
  if (game === null || view === undefined) {
    if (gone !== null) return <Notice text={gone} final />;
    return <Notice text={connected ? "Laying the table…" : "Waiting for the server…"} />;
  }
  const over = view.result !== null;
  const dueAt = over || view.turnDueAt === null ? null : seen.heardAt + view.turnDueAt - game.serviceTime;
  const play = view.viewerId === null ? {} : { play: seen };
  return (
    <Board view={view} stale={!over && (!connected || game.stale)} dueAt={dueAt} {...play}>
      {over ? (
        <p class="buttons after">
          <a class="button primary" href={`#/replay/${gameId}`}>
            See how it went
          </a>
          <a class="button" href="#/">
            Back to the lobby
          </a>
        </p>
      ) : undefined}
    </Board>
  );
}
