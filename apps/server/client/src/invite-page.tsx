import { starterDecks } from "@turnkeep/card-rules";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GameAnswer } from "./answers.js";
import { askUntilAnswered, Refusal } from "./api.js";
import { DeckChoice } from "./new-game.js";
import { go } from "./router.js";
import { session } from "./session.js";
import { SignIn } from "./sign-in.js";
import { useStore } from "./store.js";

/** Where the link of an invitation leads. */
export function InvitePage({ invite }: { invite: string }): JSX.Element {
  const player = useStore(session);
  const [deck, setDeck] = useState(Object.keys(starterDecks).at(-1) ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const accept = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body = { token: invite, deck, name: player?.name };
      const request = { method: "POST", body, token: player?.token } as const;
      const { gameId } = await askUntilAnswered<GameAnswer>("/invites/accept", request);
      go(`/game/${gameId}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="panel welcome">
      <h1>You are invited to a game</h1>
      {player === null ? (
        <SignIn />
      ) : (
        <>
          <DeckChoice deck={deck} onChoose={setDeck} />
          <div class="buttons">
            <button type="button" class="primary" disabled={busy} onClick={accept}>
              Take the seat
            </button>
          </div>
        </>
      )}
      {problem !== null && (
        <p class="refusal" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
