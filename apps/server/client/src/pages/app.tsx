import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announcement } from "../board/announcer.js";
import { Guard } from "../common/guard.js";
import { Head } from "../common/head.js";
import { type Route, route } from "../common/router.js";
import { useStore } from "../connection/store.js";
import { DecksPage } from "./decks-page.js";
import { GamePage } from "./game-page.js";
import { HelpPage } from "./help-page.js";
import { InvitePage } from "./invite-page.js";
import { Lobby } from "./lobby.js";
import { ReplayPage } from "./replay-page.js";

/** The whole page: where one is, how one stands with the server, and what a screen reader says. */
export function App(): JSX.Element {
  const at = useStore(route);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // Who goes elsewhere by keyboard begins at the top of it, with the head of the page still in sight.
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
    document.title = `${titles[at.at]} · Turnkeep`;
  }, [at]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the table
      </button>
      <Head />
      <main id="main" ref={main} tabIndex={-1}>
        <Guard key={location.hash}>
          <Place at={at} />
        </Guard>
      </main>
      <Announcer />
    </>
  );
}

const titles: Readonly<Record<Route["at"], string>> = {
  lobby: "Lobby",
  game: "Game",
  replay: "Replay",
  invite: "Invitation",
  decks: "Decks",
  help: "How to play",
};

function Place({ at }: { at: Route }): JSX.Element {
  switch (at.at) {
    case "game":
      return <GamePage key={at.gameId} gameId={at.gameId} />;
    case "replay":
      return <ReplayPage key={at.gameId} gameId={at.gameId} />;
    case "invite":
      return <InvitePage key={at.invite} invite={at.invite} />;
    case "decks":
      return <DecksPage />;
    case "help":
      return <HelpPage />;
    case "lobby":
      return <Lobby />;
  }
}

function Announcer(): JSX.Element {
  const text = useStore(announcement);
  return (
    <div class="visually-hidden" aria-live="polite" data-announcer>
      {text}
    </div>
  );
}
