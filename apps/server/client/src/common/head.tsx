import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../board/announcer.js";
import { type ConnectionState, connection, tryNow } from "../connection/connection.js";
import { session, signOut } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { nextTheme, theme } from "./theme.js";

const stateTexts: Readonly<Record<ConnectionState, string>> = {
  connecting: "connecting",
  live: "connected",
  lost: "not connected",
  refused: "not admitted",
};
const themeTexts = { system: "Auto", light: "Light", dark: "Dark" } as const;

/** A server that is replaced is back at once: only what lasts is worth a banner. */
const worthShowingMs = 400;

/** The top of the page, which says how one stands with the server; while that is away, it stays in sight. */
export function Head(): JSX.Element {
  const state = useStore(connection);
  const trouble = useTrouble(state);
  const player = useStore(session);
  const chosen = useStore(theme);
  return (
    <div class={`head ${trouble === null ? "" : "away"}`}>
      <header class="top">
        <a class="home" href="#/" aria-label="Turnkeep: to the lobby">
          <img src="icon.svg" alt="" width="28" height="28" />
          <span>Turnkeep</span>
        </a>
        {player !== null && <span class="who">{player.name}</span>}
        <span class={`state ${state}`} role="status">
          {stateTexts[state]}
        </span>
        <a class="aside-link" href="#/help" aria-label="How to play">
          ?
        </a>
        <button type="button" class="slight theme" onClick={nextTheme} aria-label={`Colours: ${chosen}. Change`}>
          {themeTexts[chosen]}
        </button>
      </header>
      {trouble === "lost" && <Lost />}
      {trouble === "refused" && <Refused />}
    </div>
  );
}

/** What keeps the page from the server, once it has lasted; its end is announced to readers who cannot see it. */
function useTrouble(state: ConnectionState): "lost" | "refused" | null {
  const [trouble, setTrouble] = useState<"lost" | "refused" | null>(null);
  useEffect(() => {
    if (state === "live") {
      if (trouble !== null) announce("Connected again.");
      return setTrouble(null);
    }
    if (state === "connecting") return;
    const timer = setTimeout(() => setTrouble(state), trouble === null ? worthShowingMs : 0);
    return () => clearTimeout(timer);
  }, [state]);
  return trouble;
}

function Lost(): JSX.Element {
  return (
    <div class="banner" role="alert">
      <p>
        <b>The server does not answer: the connection is lost.</b> What you see may be out of date. No move gets lost,
        and the page goes on by itself once the server is back.
      </p>
      <button type="button" onClick={tryNow}>
        Try now
      </button>
    </div>
  );
}

function Refused(): JSX.Element {
  return (
    <div class="banner" role="alert">
      <p>
        <b>The server does not admit you.</b> Your seat may have run out. Take a new one, or wait: it is tried again by
        itself.
      </p>
      <button type="button" onClick={signOut}>
        Go on without your seat
      </button>
    </div>
  );
}
