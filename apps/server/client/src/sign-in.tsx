import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refusal } from "./api.js";
import { signIn, signInWithToken } from "./session.js";

/** A name is enough where the server runs in demo mode; elsewhere a token is asked for. */
export function SignIn(): JSX.Element {
  const [wantsToken, setWantsToken] = useState(false);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const enter = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      if (wantsToken) signInWithToken(text.trim());
      else await signIn(text.trim());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 404) {
        setWantsToken(true);
        setText("");
      } else setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="sign-in" onSubmit={enter}>
      <label for="name">{wantsToken ? "Your token for this server" : "What shall others call you?"}</label>
      <div class="field">
        <input
          id="name"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          maxLength={wantsToken ? 8_192 : 40}
          autocomplete={wantsToken ? "off" : "nickname"}
          required
        />
        <button type="submit" class="primary" disabled={busy}>
          Take a seat
        </button>
      </div>
      {problem !== null && (
        <p class="refusal" role="alert">
          {problem}
        </p>
      )}
      <p class="quiet">Or watch one of the live games below: nobody needs a name for that.</p>
    </form>
  );
}
