import type { Game } from "@turnkeep/api";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { announceRecords } from "../board/announcer.js";
import { Board } from "../board/board.js";
import { hasMoves, movesOf } from "../board/moves.js";
import { Notice } from "../common/notice.js";
import { connection } from "../connection/connection.js";
import { useStore } from "../connection/store.js";
import { type SeenGame, useGame } from "../connection/use-game.js";
import { onlyMove } from "../playback/only-move.js";
import { usePlayback } from "../playback/use-playback.js";
import { AfterGame } from "./after-game.js";

/** A game that is being played, or was: for its players to play, for everybody else to watch. */
export function GamePage({ gameId }: { gameId: string }): JSX.Element {
  const seen = useGame(gameId);
  const connected = useStore(connection) === "live";
  const { game, gone } = seen;
  if (game !== null) return <Table game={game} seen={seen} connected={connected} />;
  if (gone !== null) return <Notice text={gone} final />;
  return <Notice text={connected ? "Laying the table…" : "Waiting for the server…"} />;
}

interface TableProps {
  readonly game: Game;
  readonly seen: SeenGame;
  readonly connected: boolean;
}

function Table({ game, seen, connected }: TableProps): JSX.Element {
  const { view } = game;
  const playback = usePlayback(view);
  const moves = useMemo(() => movesOf(view), [view]);
  const mine = view.viewerId !== null && view.result === null && hasMoves(moves);
  useEffect(() => announceRecords(view), [view]);
  useEffect(() => {
    document.title = mine ? "Your move · Turnkeep" : "Game · Turnkeep";
  }, [mine]);
  const stale = view.result === null && (!connected || game.stale);
  const isFree = mine && !stale && seen.pending === "no" && playback.text === null;
  const tried = useRef<Game | null>(null);
  useEffect(() => {
    const move = isFree && tried.current !== game ? onlyMove(view, moves) : null;
    if (move === null) return;
    tried.current = game;
    void seen.act(move, { byItself: true });
  }, [isFree, game]);
  const over = playback.view.result !== null;
  const dueAt = over || view.turnDueAt === null ? null : seen.heardAt + view.turnDueAt - game.serviceTime;
  const play = view.viewerId === null ? {} : { play: seen };
  return (
    <Board view={playback.view} stale={stale} dueAt={dueAt} playback={playback} {...play}>
      {over ? <AfterGame view={playback.view} /> : undefined}
    </Board>
  );
}
