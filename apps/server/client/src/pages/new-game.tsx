import { type Invite, requests } from "@turnkeep/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { go } from "../common/router.js";
import { momentText } from "../common/times.js";
import { api } from "../connection/api.js";
import { session } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { AskingState, useAsking } from "../connection/use-asking.js";
import { newWriteId } from "../connection/write-id.js";
import { chosenDeck, DeckChoice } from "./deck-choice.js";
import { type OwnRules, RulesChoice } from "./rules-choice.js";

/** Whom one plays against with one's own deck: the one who has another. */
const npcIdAgainst = (deck: string): string => (deck === "kiln" ? "marsh-warden" : "kilnkeeper");
const lookMs = 1_500;

/** Begins a game against the machine, or invites another player to one. */
export function NewGame(): JSX.Element {
  const deck = useStore(chosenDeck);
  const [rules, setRules] = useState<OwnRules>({});
  const [invite, setInvite] = useState<Invite | null>(null);
  const asking = useAsking();
  const { busy, attempt } = asking;
  const name = session.get()?.name;
  const playMachine = () =>
    attempt(async (onWait) => {
      const create = requests.createGame({ writeId: newWriteId(), npcId: npcIdAgainst(deck), deck, name, rules });
      const { gameId } = await api.askUntilAnswered(create, { onRetry: onWait });
      go(`/game/${gameId}`);
    });
  const invitePlayer = () =>
    attempt(async (onWait) => {
      setInvite(await api.askUntilAnswered(requests.createInvite({ deck, name, rules }), { onRetry: onWait }));
    });
  return (
    <div class="new-game">
      <DeckChoice />
      <RulesChoice rules={rules} onChange={setRules} />
      <div class="buttons">
        <button type="button" class="primary" disabled={busy} onClick={playMachine}>
          Play against the machine
        </button>
        <button type="button" disabled={busy} onClick={invitePlayer}>
          Invite someone
        </button>
      </div>
      <AskingState asking={asking} />
      {invite !== null && <InviteLink invite={invite} />}
    </div>
  );
}

function InviteLink({ invite: { token, gameId, expiresAt } }: { invite: Invite }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const link = `${location.origin}/#/invite/${token}`;
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
