import { cardText } from "@turnkeep/card-rules";
import type { CardDefinition, CreatureInPlay, GameView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { conditionText } from "../common/conditions.js";
import { CardFace, paint } from "./card.js";
import { Facts } from "./facts.js";
import { creaturesOf } from "./moves.js";

/** A card that the player wants to see whole, and what lies on it where it is in play. */
export function Looked(props: {
  readonly view: GameView;
  readonly card: CardDefinition | undefined;
  /** Of a card in play. */
  readonly cardId: string | null;
  /** It is seen because it was chosen, and goes with that. */
  readonly chosen: boolean;
  readonly onClose: () => void;
}): JSX.Element | null {
  const { view, card, cardId, chosen, onClose } = props;
  if (card === undefined) return null;
  const creature = Object.values(view.players)
    .flatMap(creaturesOf)
    .find(({ id }) => id === cardId);
  return (
    <section class={`looked ${chosen ? "chosen" : ""}`} aria-label={`The card ${card.name}`}>
      <div class={`card whole ${paint(card)}`}>
        <CardFace card={card} whole />
      </div>
      {creature && <Facts facts={factsOf(view, creature)} />}
      {!chosen && (
        <button type="button" class="slight" onClick={onClose}>
          Close
        </button>
      )}
    </section>
  );
}

function factsOf(view: GameView, { conditions, tools }: CreatureInPlay): readonly (readonly [string, string])[] {
  const worn = tools.flatMap(({ definitionId }) => view.cards[definitionId] ?? []);
  return [
    ...conditions.map((condition) => [condition, conditionText(condition, view.rules)] as const),
    ...worn.map((tool) => [tool.name, cardText(tool).join(" ")] as const),
  ];
}
