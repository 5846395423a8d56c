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
    queue.current = [...queue.current, ...stepsBetween(seen.current, latest)];
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
