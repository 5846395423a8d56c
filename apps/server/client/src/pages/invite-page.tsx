import { requests } from "@turnkeep/api";
import { defaultRules, type RulesConfig } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Facts } from "../board/facts.js";
import { go } from "../common/router.js";
import { rulesText } from "../common/rules-text.js";
import { askPatiently } from "../connection/ask-patiently.js";
import { claimsOf, session } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { AskingState, useAsking } from "../connection/use-asking.js";
import { chooseForGuest, chosenDeck, DeckChoice } from "./deck-choice.js";
import { SignIn } from "./sign-in.js";

/** What an invitation says to its guest. */
interface Invitation {
  readonly name?: string;
  readonly rules?: Partial<RulesConfig>;
}

/** Where the link of an invitation leads. */
export function InvitePage({ invite }: { invite: string }): JSX.Element {
  const player = useStore(session);
  const deck = useStore(chosenDeck);
  const asking = useAsking();
  useEffect(chooseForGuest, []);
  const { name, rules = {} } = (claimsOf(invite).invite ?? {}) as Invitation;
  const accept = () =>
    asking.attempt(async (onWait) => {
      const request = requests.acceptInvite({ token: invite, deck, name: player?.name });
      const { gameId } = await askPatiently(request, onWait);
      go(`/game/${gameId}`);
    });
  return (
    <section class="panel welcome">
      <h1>{name === undefined ? "You are invited to a game" : `${name} invites you to a game`}</h1>
      {player === null ? (
        <SignIn />
      ) : (
        <>
          <DeckChoice />
          <div class="buttons">
            <button type="button" class="primary" disabled={asking.busy} onClick={accept}>
              Take the seat
            </button>
          </div>
        </>
      )}
      <AskingState asking={asking} />
      {asking.problem !== null && (
        <p>
          Ask {name ?? "your opponent"} for a new link, or <a href="#/">go to the lobby</a> to play or watch.
        </p>
      )}
      <details open={Object.keys(rules).length > 0}>
        <summary>Rules: {Object.keys(rules).length > 0 ? "not the usual ones" : "the usual ones"}</summary>
        <Facts facts={rulesText({ ...defaultRules, ...rules })} />
      </details>
      <p>
        <a href="#/help">How to play</a>
      </p>
    </section>
  );
}
