import { type Invite, requests } from "@turnkeep/api";
import { defaultRules, type GameView, npcIdOf, type RulesConfig } from "@turnkeep/game-state";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { go } from "../common/router.js";
import { nameOf } from "../common/words.js";
import { askPatiently } from "../connection/ask-patiently.js";
import { session } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { AskingState, useAsking } from "../connection/use-asking.js";
import { newWriteId } from "../connection/write-id.js";
import { chosenDeck } from "./deck-choice.js";
import { InviteLink } from "./invite-link.js";
import type { OwnRules } from "./rules-choice.js";

/** Ways on from a game that is over. Its players get another one like it by one click, by an invitation from people. */
export function AfterGame({ view }: { view: GameView }): JSX.Element {
  const deck = useStore(chosenDeck);
  const [invite, setInvite] = useState<Invite | null>(null);
  const asking = useAsking();
  const name = useStore(session)?.name;
  const opponentId = view.turnOrder.find((id) => id !== view.viewerId) ?? "";
  const npcId = npcIdOf(opponentId);
  const game = { deck, name, rules: view.gameType === "ranked" ? undefined : ownRulesOf(view.rules) };
  const playAgain = () =>
    asking.attempt(async (onWait) => {
      if (npcId === null) {
        const gameType = view.gameType === "ranked" ? "ranked" : "freeplay";
        return setInvite(await askPatiently(requests.createInvite({ ...game, gameType }), onWait));
      }
      const create = requests.createGame({ ...game, writeId: newWriteId(), npcId });
      go(`/game/${(await askPatiently(create, onWait)).gameId}`);
    });
  return (
    <>
      <p class="buttons after">
        {view.viewerId !== null && invite === null && (
          <button type="button" class="primary" disabled={asking.busy} onClick={playAgain}>
            {npcId === null ? `Invite ${nameOf(view, opponentId)} again` : "Play again"}
          </button>
        )}
        <a class="button" href={`#/replay/${view.gameId}`}>
          See how it went
        </a>
        <a class="button" href="#/">
          Back to the lobby
        </a>
      </p>
      <AskingState asking={asking} />
      {invite !== null && <InviteLink invite={invite} />}
    </>
  );
}

/** What differs from the usual rules. */
function ownRulesOf(rules: RulesConfig): OwnRules {
  const own = Object.entries(rules).filter(([rule, value]) => value !== defaultRules[rule as keyof RulesConfig]);
  return Object.fromEntries(own);
}
