import { Refusal, requests } from "@turnkeep/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askPatiently } from "../connection/ask-patiently.js";
import { signInWithToken, startSession } from "../connection/session.js";
import { AskingState, useAsking } from "../connection/use-asking.js";

/** A name is enough where the server runs in demo mode; elsewhere a token is asked for. */
export function SignIn(): JSX.Element {
  const [wantsToken, setWantsToken] = useState(false);
  const [text, setText] = useState("");
  const asking = useAsking();
  const enter = (event: Event) => {
    event.preventDefault();
    return asking.attempt(async (onWait) => {
      if (wantsToken) return signInWithToken(text.trim());
      try {
        startSession(await askPatiently(requests.createDemoToken(text.trim()), onWait));
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 404) throw error;
        setWantsToken(true);
        setText("");
      }
    });
  };
  return (
    <form class="sign-in" onSubmit={enter}>
      <label for="name">{wantsToken ? "Your token for this server" : "Your name"}</label>
      <div class="field">
        <input
          id="name"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          maxLength={wantsToken ? 8_192 : 40}
          autocomplete={wantsToken ? "off" : "nickname"}
          required
        />
        <button type="submit" class="primary" disabled={asking.busy}>
          Take a seat
        </button>
      </div>
      <AskingState asking={asking} />
      <p class="quiet">Or watch one of the live games: nobody needs a name for that.</p>
    </form>
  );
}
