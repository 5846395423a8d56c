import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announcement } from "./announcer.js";
import { type ConnectionState, connection } from "./connection.js";
import { GamePage } from "./game-page.js";
import { InvitePage } from "./invite-page.js";
import { Lobby } from "./lobby.js";
import { ReplayPage } from "./replay-page.js";
import { type Route, route } from "./router.js";
import { session, signOut } from "./session.js";
import { useStore } from "./store.js";
import { nextTheme, theme } from "./theme.js";

/** The whole page: where one is, how one stands with the server, and what a screen reader is told. */
export function App(): JSX.Element {
  const at = useStore(route);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // Who goes elsewhere by keyboard begins at the top of it.
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [at]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the table
      </button>
      <Header />
      <Banner />
      <main id="main" ref={main} tabIndex={-1}>
        <Place at={at} />
      </main>
      <Announcer />
    </>
  );
}

function Place({ at }: { at: Route }): JSX.Element {
  switch (at.at) {
    case "game":
      return <GamePage key={at.gameId} gameId={at.gameId} />;
    case "replay":
      return <ReplayPage key={at.gameId} gameId={at.gameId} />;
    case "invite":
      return <InvitePage key={at.invite} invite={at.invite} />;
    case "lobby":
      return <Lobby />;
  }
}

const stateTexts: Readonly<Record<ConnectionState, string>> = {
  connecting: "connecting",
  live: "connected",
  lost: "not connected",
  refused: "not admitted",
};

function Header(): JSX.Element {
  const state = useStore(connection);
  const player = useStore(session);
  const chosen = useStore(theme);
  return (
    <header class="top">
      <a class="home" href="#/" aria-label="Turnkeep: to the lobby">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span>Turnkeep</span>
      </a>
      {player !== null && <span class="who">{player.name}</span>}
      <span class={`state ${state}`} role="status">
        {stateTexts[state]}
      </span>
      <button type="button" class="slight theme" onClick={nextTheme} aria-label={`Colours: ${chosen}. Change`}>
        {chosen === "system" ? "Auto" : chosen === "light" ? "Light" : "Dark"}
      </button>
    </header>
  );
}

/** Tells of a lost connection, for as long as it is lost. */
function Banner(): JSX.Element | null {
  const state = useStore(connection);
  if (state === "lost") {
    return (
      <p class="banner" role="alert">
        <b>The connection is lost.</b> It is tried again by itself; what you see may be out of date, and no move gets
        lost.
      </p>
    );
  }
  if (state !== "refused") return null;
  return (
    <p class="banner" role="alert">
      <b>The server does not admit you.</b> It is tried again by itself.{" "}
      <button type="button" class="link" onClick={signOut}>
        Go on without your seat
      </button>
    </p>
  );
}

function Announcer(): JSX.Element {
  const text = useStore(announcement);
  return (
    <div class="visually-hidden" aria-live="polite" data-announcer>
      {text}
    </div>
  );
}
