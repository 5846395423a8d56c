import type { JSX } from "preact";
import type { Playback } from "./use-playback.js";

/** What is shown just now, in words, and the way past it. */
export function Caption({ playback: { text, skip } }: { playback: Playback }): JSX.Element {
  return (
    <section class="action-bar" aria-label="What happens">
      <p class="prompt">{text}</p>
      <div class="buttons" data-row="buttons">
        <button type="button" data-move="skip" onClick={skip}>
          Skip
        </button>
      </div>
    </section>
  );
}
