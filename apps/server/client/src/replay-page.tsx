import type { GameView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page, ReplayStep } from "./answers.js";
import { ask, Refusal } from "./api.js";
import { pause } from "./backoff.js";
import { Board } from "./board.js";
import { session } from "./session.js";
import { useStore } from "./store.js";

const stepMs = 900;
const retryMs = 1_000;
const pageSize = 50;

/** A finished game, step by step, as far as this viewer may see it. */
export function ReplayPage({ gameId }: { gameId: string }): JSX.Element {
  const views = useReplay(gameId);
  const [step, setStep] = useState(0);
  const [runs, setRuns] = useState(false);
  const last = typeof views === "string" || views === null ? 0 : views.length - 1;
  useEffect(() => {
    if (!runs) return;
    if (step >= last) return setRuns(false);
    const timer = setTimeout(() => setStep(step + 1), stepMs);
    return () => clearTimeout(timer);
  }, [runs, step, last]);
  if (views === null) return <p class="notice">Looking for the game…</p>;
  if (typeof views === "string") return <p class="notice">{views}</p>;
  const view = views[Math.min(step, last)];
  if (view === undefined) return <p class="notice">Nothing was kept of this game.</p>;
  const to = (next: number) => setStep(Math.max(0, Math.min(last, next)));
  const play = () => {
    if (step >= last) setStep(0);
    setRuns(!runs);
  };
  return (
    <Board view={view} stale={false}>
      <section class="replay" aria-label="Replay" data-row="replay">
        <button type="button" onClick={() => to(step - 1)} disabled={step === 0} aria-label="One step back">
          ‹
        </button>
        <button type="button" class="primary" onClick={play}>
          {runs ? "Pause" : "Play"}
        </button>
        <button type="button" onClick={() => to(step + 1)} disabled={step >= last} aria-label="One step on">
          ›
        </button>
        <input
          type="range"
          min={0}
          max={last}
          value={step}
          aria-label="Step of the game"
          aria-valuetext={`step ${step} of ${last}, turn ${view.turnNumber}`}
          onInput={({ currentTarget }) => to(Number(currentTarget.value))}
        />
        <output>
          {step} / {last}
        </output>
      </section>
    </Board>
  );
}

/** Its views, as far as they have come, or why there are none. One that has just ended may not be in history yet. */
function useReplay(gameId: string): readonly GameView[] | string | null {
  const player = useStore(session);
  const [found, setFound] = useState<readonly GameView[] | string | null>(null);
  useEffect(() => {
    let over = false;
    const look = async () => {
      let views: readonly GameView[] = [];
      let next: string | null = "";
      for (let tries = 0; !over && next !== null; ) {
        try {
          const after: string = next === "" ? "" : `&after=${next}`;
          const path = `/games/${gameId}/replay/steps?limit=${pageSize}${after}`;
          const page: Page<ReplayStep> = await ask(path, { token: player?.token });
          views = [...views, ...page.items.map(({ view }) => view)];
          next = page.next;
          if (!over) setFound(views);
        } catch (error) {
          tries += 1;
          const isFinal = error instanceof Refusal && error.status < 500 && (error.status !== 404 || tries > 5);
          if (isFinal) return over || setFound(error.message);
          await pause(retryMs);
        }
      }
    };
    void look();
    return () => {
      over = true;
    };
  }, [gameId, player]);
  return found;
}
