import type { GameView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { recordText } from "../common/words.js";

/** What happened of late, as the viewer may know it. */
export function Story({ view }: { view: GameView }): JSX.Element {
  const newestFirst = [...view.recentActions].reverse();
  return (
    <section class="story">
      <h2>What happened</h2>
      <ol>
        {newestFirst.map((record) => (
          <li key={record.seq}>
            <small>{record.turn || "–"}</small> <span>{recordText(view, record)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
