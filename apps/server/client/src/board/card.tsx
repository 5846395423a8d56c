import { cardText, effectText, hitPointsOf } from "@turnkeep/card-rules";
import type { CardDefinition, CreatureInPlay, GameView } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { kindText, spaced } from "../common/words.js";
import type { Mark } from "../playback/steps.js";
import { Art, Glyph } from "./art.js";
import type { CardUse, Use } from "./selection.js";

const useText: Readonly<Record<Use, string>> = {
  none: "",
  playable: ", can be used",
  selected: ", chosen",
  target: ", can be the target",
};

function Shell(props: {
  readonly id: string;
  readonly className: string;
  readonly label: string;
  readonly use?: CardUse | undefined;
  readonly onLook?: (() => void) | undefined;
  readonly children: JSX.Element | (JSX.Element | null)[];
}): JSX.Element {
  const { id, className, label, use, onLook, children } = props;
  const kind = use?.use ?? "none";
  const act = kind === "none" ? onLook : use?.onUse;
  return (
    <button
      type="button"
      class={`${className} use-${kind}`}
      data-card={id}
      data-use={kind}
      aria-label={`${label}${useText[kind]}`}
      aria-pressed={kind === "selected" ? "true" : undefined}
      onClick={act}
    >
      {children}
    </button>
  );
}

/** A card of the hand, or one that is looked at. */
export function HandCard(props: {
  readonly id: string;
  readonly card: CardDefinition | undefined;
  readonly use?: CardUse;
  readonly onLook?: () => void;
}): JSX.Element {
  const { id, card, use, onLook } = props;
  if (card === undefined) return <span class="card blank" />;
  return (
    <Shell id={id} className={`card ${paint(card)}`} label={describe(card)} use={use} onLook={onLook}>
      <CardFace card={card} />
    </Shell>
  );
}

export function CardFace({ card, whole = false }: { card: CardDefinition; whole?: boolean }): JSX.Element {
  return (
    <span class="face" aria-hidden="true">
      <span class="title">
        <b>{card.name}</b>
        {card.kind === "creature" && <small>{card.hitPoints}</small>}
      </span>
      <Art card={card} />
      <span class="kind">{kindText(card)}</span>
      {card.kind === "creature" ? (
        <span class="attacks">
          {card.attacks.map((attack) => (
            <span key={attack.name} class="attack">
              <Cost cost={attack.cost} />
              <span class="blow">
                <span>{attack.name}</span>
                <b>{attack.damage || ""}</b>
              </span>
              {whole && attack.effects.length > 0 && <small>{attack.effects.map(effectText).join(" ")}</small>}
            </span>
          ))}
        </span>
      ) : (
        <span class="text">{cardText(card).join(" ")}</span>
      )}
      {whole && card.kind === "creature" && (
        <span class="foot">
          <span>Weak to {card.weakness === null ? "nothing" : <Glyph element={card.weakness} />}</span>
          <span>Retreat {card.retreatCost}</span>
          <span>Worth {card.prizeValue}</span>
        </span>
      )}
    </span>
  );
}

function Cost({ cost }: { cost: readonly Parameters<typeof Glyph>[0]["element"][] }): JSX.Element {
  return (
    <span class="cost">
      {cost.map((element, index) => (
        <Glyph key={`${index}${element}`} element={element} />
      ))}
    </span>
  );
}

/** A creature in play with all that lies on it. */
export function Creature(props: {
  readonly view: GameView;
  readonly creature: CreatureInPlay;
  readonly active: boolean;
  readonly mark: Mark | undefined;
  readonly use?: CardUse;
  readonly onLook?: () => void;
}): JSX.Element {
  const { view, creature, active, mark, use, onLook } = props;
  const card = view.cards[creature.definitionId];
  const most = hitPointsOf(view, creature);
  const left = Math.max(0, most - creature.damage);
  const energies = creature.energy.map(({ definitionId }) => {
    const energy = view.cards[definitionId];
    return energy !== undefined && "element" in energy ? energy.element : "any";
  });
  const extras = [...creature.conditions, ...creature.tools.map((tool) => toolName(view, tool.definitionId))];
  const name = card?.name ?? spaced(creature.definitionId);
  const label = [
    `${name}, ${active ? "active" : "on the bench"}, ${left} of ${most} hit points, ${energies.length} energy`,
    ...extras,
  ].join(", ");
  return (
    <Shell
      id={creature.id}
      className={`creature ${active ? "active" : "benched"} ${card ? paint(card) : ""} ${mark ? `mark-${mark.kind}` : ""}`}
      label={label}
      use={use}
      onLook={onLook}
    >
      <span class="title" aria-hidden="true">
        <b>{name}</b>
      </span>
      <span class="picture" aria-hidden="true">
        {card && <Art card={card} />}
        {extras.length > 0 && (
          <span class="extras">
            {extras.map((extra) => (
              <i key={extra} class={`extra ${extra}`}>
                {extra}
              </i>
            ))}
          </span>
        )}
      </span>
      <span class="health" aria-hidden="true">
        <progress class={left * 3 <= most ? "low" : "well"} max={most || 1} value={left} />
        <b>
          {left}
          <small>/{most}</small>
        </b>
      </span>
      <span class="energies" aria-hidden="true">
        {energies.slice(0, 7).map((element, index) => (
          <Glyph key={`${index}${element}`} element={element} />
        ))}
        {energies.length > 7 && <small>+{energies.length - 7}</small>}
      </span>
      {mark === undefined || mark.text === "" ? null : (
        <b class="float" aria-hidden="true">
          {mark.text}
        </b>
      )}
    </Shell>
  );
}

function toolName(view: GameView, definitionId: string): string {
  return view.cards[definitionId]?.name ?? spaced(definitionId);
}

export const paint = (card: CardDefinition): string =>
  `el-${"element" in card ? card.element : "any"} kind-${card.kind}`;

/** A card in words, for who hears it. */
export function describe(card: CardDefinition): string {
  if (card.kind !== "creature") return [card.name, kindText(card), ...cardText(card)].join(", ");
  const attacks = card.attacks.map(({ name, damage, cost }) => `${name} ${damage} for ${cost.join(" and ")}`);
  const from = card.evolvesFrom === null ? [] : [`evolves ${kindText(card)}`];
  return [card.name, `${card.element} creature`, ...from, `${card.hitPoints} hit points`, ...attacks].join(", ");
}
