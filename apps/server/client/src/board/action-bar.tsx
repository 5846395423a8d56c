import type { CardAction } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { TwiceButton } from "../common/twice-button.js";
import type { SeenGame } from "../connection/use-game.js";
import { isAside, type Move, type Moves } from "./moves.js";
import { headline, hint } from "./prompt.js";
import type { Selection } from "./selection.js";

interface ActionBarProps extends Pick<SeenGame, "pending" | "refusal"> {
  readonly view: GameView;
  readonly moves: Moves;
  readonly selection: Selection;
  readonly onMove: (action: CardAction) => void;
}

/** What the player is asked, and the buttons that answer. */
export function ActionBar({ view, moves, selection, onMove, pending, refusal }: ActionBarProps): JSX.Element {
  const bar = useRef<HTMLElement>(null);
  const { card, picked } = selection;
  useEffect(() => {
    // Who chose a card by keyboard goes on with its first answer.
    if (card !== null) bar.current?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, [card]);
  const chosen = card === null ? [] : (moves.byCard.get(card) ?? []);
  const busy = pending !== "no";
  const button = (move: Move, className = "") => (
    <button
      key={JSON.stringify(move.action)}
      type="button"
      class={className}
      disabled={busy}
      data-move={move.action.type}
      onClick={() => onMove(move.action)}
    >
      {move.label}
    </button>
  );
  const promotions = [...moves.direct.values()];
  return (
    <section class="action-bar" ref={bar} aria-label="What you can do">
      <p class="prompt">
        {busy ? (
          <Sending waiting={pending === "waiting"} />
        ) : (
          <>
            <b>{headline(view, moves)}</b> <span>{hint(view, moves, selection)}</span>
          </>
        )}
      </p>
      {refusal !== null && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="buttons" data-row="buttons">
        {card !== null ? (
          <>
            {chosen.map((move) => button(move, "primary"))}
            <button type="button" data-move="cancel" onClick={selection.cancel}>
              Cancel
            </button>
          </>
        ) : (
          <>
            <Confirm moves={moves} picked={picked} busy={busy} onMove={onMove} />
            {promotions.map((move) => button(move, "primary"))}
            {moves.plain
              .filter((move) => !isAside(move))
              .map((move) => button(move, move.action.type === "endTurn" ? "" : "primary"))}
            <span class="asides">
              {moves.plain.filter(isAside).map((move) => button(move, "slight"))}
              {moves.concede !== null && <Concede key={view.gameId} move={moves.concede} busy={busy} onMove={onMove} />}
            </span>
          </>
        )}
      </div>
    </section>
  );
}

function Sending({ waiting }: { waiting: boolean }): JSX.Element {
  return waiting ? <b>The server does not answer. Your move is kept and sent again.</b> : <span>Sending…</span>;
}

interface PartProps {
  readonly busy: boolean;
  readonly onMove: (action: CardAction) => void;
}

/** For what is put together of several cards. */
function Confirm({ moves: { choice }, picked, busy, onMove }: PartProps & { moves: Moves; picked: readonly string[] }) {
  if (choice === null) return null;
  const [active, ...bench] = picked;
  const ready = choice.kind === "setUp" ? active !== undefined : picked.length === choice.count;
  const confirm = () => {
    if (choice.kind === "discard") onMove({ type: "discard", cardIds: [...picked] });
    else if (active !== undefined) onMove({ type: "setUp", active, bench });
  };
  return (
    <button type="button" class="primary" disabled={busy || !ready} data-move={choice.kind} onClick={confirm}>
      {choice.kind === "setUp" ? "Lay them out" : `Discard ${picked.length} of ${choice.count}`}
    </button>
  );
}

function Concede({ move, busy, onMove }: PartProps & { move: Move }): JSX.Element {
  const concede = () => onMove(move.action);
  return (
    <TwiceButton className="slight" again="Really concede?" move="concede" disabled={busy} onSure={concede}>
      Concede
    </TwiceButton>
  );
}
