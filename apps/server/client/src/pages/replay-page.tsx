import type { ReplayStep } from "@turnkeep/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../board/announcer.js";
import { Board } from "../board/board.js";
import { Notice } from "../common/notice.js";
import { recordText, resultText } from "../common/words.js";
import { type Replay, useReplay } from "../connection/use-replay.js";

const stepMs = 900;

/** A finished game, step by step, as far as this viewer may see it. */
export function ReplayPage({ gameId }: { gameId: string }): JSX.Element {
  const replay = useReplay(gameId);
  if (replay === null) return <Notice text="Looking for the game…" />;
  if (typeof replay === "string") return <Notice text={replay} final />;
  return <Steps replay={replay} />;
}

function Steps({ replay: { steps, total, complete } }: { replay: Replay }): JSX.Element {
  const [wanted, setWanted] = useState(0);
  // Who goes far ahead is shown the last step that has come, and goes on as others come.
  const at = Math.min(wanted, steps.length - 1);
  const [runs, setRuns] = useState(false);
  useEffect(() => {
    if (!runs) return;
    if (at >= total) return setRuns(false);
    const timer = setTimeout(() => setWanted(at + 1), stepMs);
    return () => clearTimeout(timer);
  }, [runs, at, total, steps.length]);
  const step = steps[at];
  if (!step?.view) return <Notice text="Nothing was kept of this game." final />;
  const to = (next: number) => setWanted(Math.max(0, Math.min(total, next)));
  /** Who uses a button hears what it led to; the slider says so by itself. */
  const show = (next: number) => {
    to(next);
    const shown = steps[next];
    if (shown) announce(stepText(shown));
  };
  const play = () => {
    if (at >= total) to(0);
    setRuns(!runs);
  };
  return (
    <Board view={step.view} stale={false}>
      <section class="replay" aria-label="Replay" data-row="replay">
        <p class="step">
          {stepText(step)}
          {!complete && at === total && <i> What came before cannot be shown step by step any more.</i>}
        </p>
        <button type="button" onClick={() => show(at - 1)} disabled={at === 0} aria-label="One step back">
          ‹
        </button>
        <button type="button" class="primary" onClick={play}>
          {runs ? "Pause" : "Play"}
        </button>
        <button type="button" onClick={() => show(at + 1)} disabled={at >= total} aria-label="One step on">
          ›
        </button>
        <input
          type="range"
          min={0}
          max={total}
          value={wanted}
          aria-label="Step of the game"
          aria-valuetext={`Step ${at} of ${total}, turn ${step.view.turnNumber}: ${stepText(step)}`}
          onInput={({ currentTarget }) => to(Number(currentTarget.value))}
        />
        <output aria-hidden="true">
          {wanted} / {total}
        </output>
        <a class="button" href="#/">
          Lobby
        </a>
      </section>
    </Board>
  );
}

/** What happened in this step, in words. */
function stepText({ seq, records, view }: ReplayStep): string {
  const happened = [...records.map((record) => recordText(view, record)), resultText(view)].filter(Boolean);
  if (happened.length > 0) return `${happened.join(". ")}.`;
  return seq === 0 ? "The cards are dealt; nobody has laid out anything yet." : "Nothing that can be seen.";
}
