import type { CardAction } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { rulesText } from "../common/rules-text.js";
import { gameTypeText, nameOf, outcomeOf, resultText, turnText } from "../common/words.js";
import { connection } from "../connection/connection.js";
import { useStore } from "../connection/store.js";
import type { SeenGame } from "../connection/use-game.js";
import { Caption } from "../playback/caption.js";
import type { Playback } from "../playback/use-playback.js";
import { ActionBar } from "./action-bar.js";
import { HandCard } from "./card.js";
import { Countdown } from "./countdown.js";
import { Facts } from "./facts.js";
import { moveFocus } from "./keyboard.js";
import { Looked } from "./looked.js";
import { movesOf, ownSide } from "./moves.js";
import { useSelection } from "./selection.js";
import { Side } from "./side.js";
import { Story } from "./story.js";
import { useDesk } from "./use-desk.js";

interface BoardProps {
  readonly view: GameView;
  /** Nothing newer is known, though there may be. */
  readonly stale: boolean;
  /** When the player's time for this turn is over, by this page's clock; `null` where it is unlimited. */
  readonly dueAt?: number | null;
  /** What the player does; without it the table is only looked at. */
  readonly play?: Pick<SeenGame, "pending" | "refusal" | "report" | "act">;
  /** How what happened of late is shown. */
  readonly playback?: Playback;
  /** Stands under the table, in sight. */
  readonly children?: ComponentChildren;
}

interface LookedAt {
  readonly definitionId: string;
  readonly cardId: string | null;
}

const noPlayback = { marks: new Map(), text: null } as const;
const nothingToPlay = { pending: "no", refusal: null, report: null, act: async () => {} } as const;

/** The table of one game, as one viewer may see it. */
export function Board(props: BoardProps): JSX.Element {
  const { view, stale, dueAt = null, play = nothingToPlay, playback, children } = props;
  const { marks, text } = playback ?? noPlayback;
  const [looked, setLooked] = useState<LookedAt | null>(null);
  const desk = useRef<HTMLDivElement>(null);
  useDesk(desk, play.pending !== "no");
  useDesk(desk, text !== null);
  const looksOnly = play === nothingToPlay || text !== null;
  const moves = useMemo(() => movesOf(looksOnly ? { ...view, viewerId: null } : view), [view, looksOnly]);
  const onMove = (action: CardAction) => {
    selection.cancel();
    setLooked(null);
    void play.act(action);
  };
  const selection = useSelection(view, moves, onMove);
  const look = (definitionId: string, cardId: string | null = null) => setLooked({ definitionId, cardId });
  const own = ownSide(view);
  const nearId = own?.id ?? view.turnOrder[0];
  const near = view.players[nearId];
  const far = view.players[view.turnOrder.find((id) => id !== nearId) ?? ""];
  const chosen = selection.card === null ? undefined : own?.hand?.find(({ id }) => id === selection.card);
  const shown = chosen?.definitionId ?? looked?.definitionId;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      const { card } = selection;
      selection.cancel();
      setLooked(null);
      if (card !== null) document.querySelector<HTMLElement>(`[data-card="${CSS.escape(card)}"]`)?.focus();
    } else moveFocus(event);
  };
  const plays = play !== nothingToPlay && own !== undefined;
  const hasDesk = plays || view.result !== null || children !== undefined;
  const sideProps = { view, marks, useOf: selection.useOf, onLook: look };
  return (
    <article class={`board ${stale ? "is-stale" : ""}`} onKeyDown={onKeyDown} aria-label="Table">
      <h1 class="visually-hidden">{titleOf(view)}</h1>
      <div class={`table ${hasDesk ? "with-desk" : ""}`}>
        {far && <Side {...sideProps} player={far} place="far" />}
        <Middle view={view} stale={stale} dueAt={dueAt} onLook={look} />
        {!plays && playback && text !== null && <Caption playback={playback} />}
        {near && <Side {...sideProps} player={near} place="near" />}
        <div class="own">
          {own?.hand && (
            <section class="hand" aria-label="Your hand" data-row="hand">
              {own.hand.map(({ id, definitionId }) => (
                <HandCard
                  key={id}
                  id={id}
                  card={view.cards[definitionId]}
                  use={selection.useOf(id)}
                  onLook={() => look(definitionId)}
                />
              ))}
              {own.hand.length === 0 && <p class="quiet">Your hand is empty.</p>}
            </section>
          )}
          {hasDesk && (
            <div class="desk" ref={desk} tabIndex={-1}>
              <p class="report" role="status">
                {play.report}
              </p>
              {view.result !== null && <p class={`result ${outcomeOf(view)}`}>{resultText(view)}</p>}
              {plays && view.result === null && text === null && (
                <ActionBar {...play} view={view} moves={moves} selection={selection} onMove={onMove} />
              )}
              {plays && playback && text !== null && <Caption playback={playback} />}
              {children}
            </div>
          )}
        </div>
      </div>
      <aside class="beside">
        <Looked
          view={view}
          card={shown === undefined ? undefined : view.cards[shown]}
          cardId={looked?.cardId ?? null}
          chosen={chosen !== undefined}
          onClose={() => setLooked(null)}
        />
        <Story view={view} />
        <details class="story">
          <summary>Rules of this game</summary>
          <Facts facts={rulesText(view.rules)} />
          <a href="#/help">How to play</a>
        </details>
      </aside>
    </article>
  );
}

/** What lies between the sides. */
function Middle(props: {
  readonly view: GameView;
  readonly stale: boolean;
  readonly dueAt: number | null;
  readonly onLook: (definitionId: string) => void;
}): JSX.Element {
  const { view, stale, dueAt, onLook } = props;
  // While it is not, the top of the page says more than a badge could.
  const connected = useStore(connection) === "live";
  const stadium = view.stadium === null ? undefined : view.cards[view.stadium.definitionId];
  return (
    <div class="middle">
      <span>{turnText(view)}</span>
      <span class="quiet">{gameTypeText(view.gameType)}</span>
      {dueAt !== null && <Countdown dueAt={stale ? null : dueAt} />}
      {stadium && (
        <button type="button" class="stadium" onClick={() => onLook(stadium.id)}>
          {stadium.name}
        </button>
      )}
      {view.viewerId === null && view.result === null && <span class="badge">you are watching</span>}
      {stale && connected && <span class="badge stale">may be out of date</span>}
    </div>
  );
}

function titleOf(view: GameView): string {
  return `Game of ${view.turnOrder.map((id) => nameOf(view, id)).join(" and ")}`;
}
