import { type Invite, requests } from "@turnkeep/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { go } from "../common/router.js";
import { askPatiently } from "../connection/ask-patiently.js";
import { session } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { AskingState, useAsking } from "../connection/use-asking.js";
import { newWriteId } from "../connection/write-id.js";
import { chosenDeck, DeckChoice } from "./deck-choice.js";
import { InviteLink } from "./invite-link.js";
import { type OwnRules, RulesChoice } from "./rules-choice.js";

/** Whom one plays against with one's own deck: the one who has another. */
const npcIdAgainst = (deck: string): string => (deck === "kiln" ? "marsh-warden" : "kilnkeeper");

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
      const { gameId } = await askPatiently(create, onWait);
      go(`/game/${gameId}`);
    });
  const invitePlayer = () =>
    attempt(async (onWait) => {
      setInvite(await askPatiently(requests.createInvite({ deck, name, rules }), onWait));
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
