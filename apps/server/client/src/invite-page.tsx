import { starterDecks } from "@turnkeep/card-rules";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GameAnswer } from "./answers.js";
import { askUntilAnswered } from "./api.js";
import { DeckChoice } from "./new-game.js";
import { go } from "./router.js";
import { session } from "./session.js";
import { SignIn } from "./sign-in.js";
import { useStore } from "./store.js";
import { AskingState, useAsking } from "./use-asking.js";

/** Where the link of an invitation leads. */
export function InvitePage({ invite }: { invite: string }): JSX.Element {
  const player = useStore(session);
  const [deck, setDeck] = useState(Object.keys(starterDecks).at(-1) ?? "");
  const asking = useAsking();
  const accept = () =>
    asking.attempt(async (onWait) => {
      const body = { token: invite, deck, name: player?.name };
      const request = { method: "POST", body, token: player?.token } as const;
      const { gameId } = await askUntilAnswered<GameAnswer>("/invites/accept", request, onWait);
      go(`/game/${gameId}`);
    });
  return (
    <section class="panel welcome">
      <h1>You are invited to a game</h1>
      {player === null ? (
        <SignIn />
      ) : (
        <>
          <DeckChoice deck={deck} onChoose={setDeck} />
          <div class="buttons">
            <button type="button" class="primary" disabled={asking.busy} onClick={accept}>
              Take the seat
            </button>
          </div>
        </>
      )}
      <AskingState asking={asking} />
    </section>
  );
}
