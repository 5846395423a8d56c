import type { GameView } from "@turnkeep/game-state";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Mark, type Step, stepsBetween } from "./steps.js";

export interface Playback {
  /** The table as it is shown now. */
  readonly view: GameView;
  readonly marks: ReadonlyMap<string, Mark>;
  /** What is shown in words, while the table is still behind the game. */
  readonly text: string | null;
  /** Shows the game as it is. */
  readonly skip: () => void;
}

const noMarks: Step["marks"] = new Map();

/** Shows what happens in a game one act after the other, however many come at once. It begins where the game is. */
export function usePlayback(latest: GameView): Playback {
  const [, redraw] = useState({});
  const seen = useRef(latest);
  const queue = useRef<readonly Step[]>([]);
  if (seen.current !== latest) {
    const before = seen.current;
    const steps = stepsBetween(before, latest);
    // The same comes over the socket and as an answer: the last act leads to what came last.
    const shown = steps.length > 0 ? queue.current : queue.current.map((step) => leadTo(latest, step, before));
    queue.current = [...shown, ...steps];
    seen.current = latest;
  }
  const [step] = queue.current;
  const show = (steps: readonly Step[]) => {
    queue.current = steps;
    redraw({});
  };
  useEffect(() => {
    if (step === undefined) return;
    const timer = setTimeout(() => show(queue.current.slice(1)), step.forMs);
    return () => clearTimeout(timer);
  }, [step]);
  const isBehind = queue.current.some(({ view }) => view !== latest);
  return {
    view: isBehind ? (step?.view ?? latest) : latest,
    marks: step?.marks ?? noMarks,
    text: isBehind ? (step?.text ?? null) : null,
    skip: () => show([]),
  };
}

const leadTo = (latest: GameView, step: Step, before: GameView): Step =>
  step.view === before ? { ...step, view: latest } : step;
