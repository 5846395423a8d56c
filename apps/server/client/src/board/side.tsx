import type { CreatureInPlay, GameView, PlayerView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { countsText, nameOf } from "../common/words.js";
import type { Mark } from "../playback/steps.js";
import { Back } from "./art.js";
import { Creature, HandCard } from "./card.js";
import { moverOf } from "./moves.js";
import type { CardUse } from "./selection.js";

interface SideProps {
  readonly view: GameView;
  readonly player: PlayerView;
  /** The viewer's own side lies near, the other one far. */
  readonly place: "near" | "far";
  readonly marks: ReadonlyMap<string, Mark>;
  readonly useOf: (cardId: string) => CardUse;
  readonly onLook: (definitionId: string, cardId?: string) => void;
}

/** One side of the table, its active creature towards the middle. */
export function Side({ view, player, place, marks, useOf, onLook }: SideProps): JSX.Element {
  const creature = (shown: CreatureInPlay, active: boolean) => (
    <Creature
      key={shown.id}
      view={view}
      creature={shown}
      active={active}
      mark={marks.get(shown.id)}
      use={useOf(shown.id)}
      onLook={() => onLook(shown.definitionId, shown.id)}
    />
  );
  const free = Math.max(0, view.rules.benchSize - player.bench.length);
  const rows = [
    <div key="active" class="row active-row" data-row={`${place}-active`}>
      {player.active === null ? (
        <span class="creature active empty">no active creature</span>
      ) : (
        creature(player.active, true)
      )}
    </div>,
    <div key="bench" class="row bench-row" data-row={`${place}-bench`}>
      {player.bench.map((shown) => creature(shown, false))}
      {Array.from({ length: free }, (_, index) => (
        <span key={`free${index}`} class="creature benched empty" aria-hidden="true" />
      ))}
    </div>,
    place === "far" && player.hand !== null && (
      <div key="hand" class="row open-hand" data-row="far-hand">
        {player.hand.map(({ id, definitionId }) => (
          <HandCard key={id} id={id} card={view.cards[definitionId]} onLook={() => onLook(definitionId)} />
        ))}
      </div>
    ),
    <Strip key="strip" view={view} player={player} hideHand={place === "near" && view.viewerId === player.id} />,
  ];
  const mover = moverOf(view) === player.id;
  return (
    <section
      class={`side ${place} ${mover ? "to-move" : ""}`}
      aria-label={`${nameOf(view, player.id)}: side of the table`}
    >
      {place === "near" ? rows : rows.reverse()}
    </section>
  );
}

/** Whose side it is, and what lies there face down. */
function Strip({ view, player, hideHand }: { view: GameView; player: PlayerView; hideHand: boolean }): JSX.Element {
  const mover = moverOf(view) === player.id;
  return (
    <div class="strip">
      <h2>
        <span class="name">{player.id === view.viewerId ? `${player.name} (you)` : player.name}</span>
        {mover && <span class="badge">to move</span>}
        {view.result?.winnerId === player.id && <span class="badge won">winner</span>}
      </h2>
      <span class="visually-hidden">{countsText(player)}</span>
      <span class="counts" aria-hidden="true">
        <span title="Prizes left" class="pile">
          <Backs count={player.prizeCount} most={6} />
          <small>prizes {player.prizeCount}</small>
        </span>
        {!hideHand && (
          <span title="Hand" class="pile">
            <Backs count={player.handCount} most={5} />
            <small>hand {player.handCount}</small>
          </span>
        )}
        <span title="Deck" class="pile">
          <Backs count={Math.min(player.deckCount, 1)} most={1} />
          <small>deck {player.deckCount}</small>
        </span>
        <span title="Discard pile" class="pile">
          <small>discard {player.discard.length}</small>
        </span>
      </span>
    </div>
  );
}

function Backs({ count, most }: { count: number; most: number }): JSX.Element {
  return (
    <span class="backs">
      {Array.from({ length: Math.min(count, most) }, (_, index) => (
        <Back key={index} />
      ))}
    </span>
  );
}
