import { defaultRules } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { Glyph } from "../board/art.js";
import { Facts } from "../board/facts.js";
import { conditions, conditionText } from "../common/conditions.js";
import { wayBack } from "../common/router.js";
import { rulesText } from "../common/rules-text.js";

const { prizeCount, openingHandSize, handLimit, benchSize, turnLimit } = defaultRules;

/** The game on one page. */
export function HelpPage(): JSX.Element {
  const back = wayBack();
  return (
    <article class="panel help">
      <h1>How to play</h1>
      <p>
        You and your opponent send creatures against each other. Each time that you knock one out, you take a prize,
        which is a card laid aside for you, and <b>the first to take all {prizeCount} of their prizes wins</b>. You also
        win when the opponent has no creature left, or has to draw from an empty deck. After turn {turnLimit}, the
        player with fewer prizes left wins.
      </p>
      <h2>Before the first turn</h2>
      <p>
        You get {openingHandSize} cards. Choose the creature that stands in front, then up to {benchSize} for the bench,
        and lay them out. A hand without a creature is shown and dealt again; for each time, the opponent may draw one
        card more.
      </p>
      <h2>Your turn</h2>
      <ol class="turn">
        <li>
          <b>Draw</b> a card.
        </li>
        <li>
          Then do any of these, in any order. What you can use has a green frame; choose it, then where it goes.
          <ul>
            <li>
              <b>Attach one energy</b> to a creature: attacks need it.
            </li>
            <li>
              <b>Play creatures</b> to your bench.
            </li>
            <li>
              <b>Evolve</b> a creature that has been there since an earlier turn.
            </li>
            <li>
              <b>Play trainers:</b> any number of items, one supporter. <b>Tools</b> go onto a creature, one to each; a{" "}
              <b>stadium</b> changes the game for both until another one comes.
            </li>
            <li>
              <b>Retreat</b> once: choose your active creature; it pays with energies and changes places with one of the
              bench.
            </li>
          </ul>
        </li>
        <li>
          <b>Attack</b>, which ends your turn, or end it without. Nobody attacks in the very first turn. With more than{" "}
          {handLimit} cards in hand, you discard down to {handLimit}.
        </li>
      </ol>
      <h2>Attacks</h2>
      <p>
        An attack asks for energies of its own element, such as <Glyph element="ember" />, or of any (
        <Glyph element="any" />
        ), which stay on the creature. A creature takes double damage from the element it is weak to. Without hit points
        it is knocked out: the attacker takes prizes into the hand, as many as it is worth, and its owner sends another
        one forward.
      </p>
      <h2>Conditions</h2>
      <Facts facts={conditions.map((one) => [one, conditionText(one, defaultRules)] as const)} />
      <p>A creature that goes back to the bench is rid of them.</p>
      <h2>The usual rules</h2>
      <Facts facts={rulesText(defaultRules)} />
      <p class="quiet">The creator of a game may change them. Your clock stands still while the server is away.</p>
      <h2>By keyboard</h2>
      <p>Tab goes from part to part, the arrow keys along cards and from row to row. Enter chooses, Escape lets go.</p>
      <p class="buttons">
        <a class="button primary" href={back.href}>
          {back.text}
        </a>
        <a class="button" href="#/decks">
          See the cards
        </a>
      </p>
    </article>
  );
}
