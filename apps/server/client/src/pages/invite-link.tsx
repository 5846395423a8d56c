import { type Invite, requests } from "@turnkeep/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { go } from "../common/router.js";
import { momentText } from "../common/times.js";
import { api, base } from "../connection/api.js";

const lookMs = 1_500;

/** The link of an invitation, to be sent; leads to the table once the guest has come. */
export function InviteLink({ invite: { token, gameId, expiresAt } }: { invite: Invite }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const link = `${base}#/invite/${token}`;
  useEffect(() => {
    const look = () =>
      api.ask(requests.getGame(gameId)).then(
        () => go(`/game/${gameId}`),
        () => undefined,
      );
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, [gameId]);
  const copy = async () => {
    // Where the page may not write to the clipboard, the link can still be marked and copied.
    await navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div class="invite-link">
      <label for="link">Send this link to one person. The game begins when they take their seat.</label>
      <div class="field">
        <input id="link" readOnly value={link} onFocus={({ currentTarget }) => currentTarget.select()} />
        <button type="button" onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      <p class="quiet">
        It is good until {momentText(expiresAt)}. You are taken to the table when they come; if you close this page, you
        find the game in the lobby, under “Your games”.
      </p>
    </div>
  );
}
