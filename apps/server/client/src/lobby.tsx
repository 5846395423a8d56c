import { cardCatalogue } from "@turnkeep/card-rules";
import type { JSX } from "preact";
import type { GameAnswer, ListedGame, Page } from "./answers.js";
import { CardFace, paint } from "./card.js";
import { History } from "./history.js";
import { NewGame } from "./new-game.js";
import { type Session, session } from "./session.js";
import { SignIn } from "./sign-in.js";
import { useStore } from "./store.js";
import { useList } from "./use-list.js";
import { gameTypeText, turnText } from "./words.js";

const refreshMs = 3_000;

/** Where games begin and are found again. */
export function Lobby(): JSX.Element {
  const player = useStore(session);
  return (
    <div class="lobby">
      <section class="panel welcome">
        <h1>{player === null ? "A card game, kept safe turn by turn" : `Welcome, ${player.name}`}</h1>
        {player === null ? <SignIn /> : <NewGame />}
        <Fan />
      </section>
      {player !== null && <OwnGames player={player} />}
      <LiveGames />
      {player !== null && <History player={player} />}
    </div>
  );
}

/** One creature of each element, for the eye. */
function Fan(): JSX.Element {
  const elements = ["ember", "tide", "grove", "storm", "stone"];
  const cards = elements.flatMap(
    (element) => cardCatalogue.find((card) => card.kind === "creature" && card.element === element) ?? [],
  );
  return (
    <div class="fan" aria-hidden="true">
      {cards.map((card) => (
        <div key={card.id} class={`card ${paint(card)}`}>
          <CardFace card={card} />
        </div>
      ))}
    </div>
  );
}

function OwnGames({ player }: { player: Session }): JSX.Element | null {
  const page = useList<Page<ListedGame>>("/games?limit=20", refreshMs);
  if (page === null || page.items.length === 0) return null;
  return (
    <section class="panel" aria-label="Your games">
      <h2>Your games</h2>
      <ul class="games">
        {page.items.map(({ gameId, gameType, turnNumber, lastActionAt }) => (
          <li key={gameId}>
            <a href={`#/game/${gameId}`}>
              <b>{gameTypeText(gameType)}</b>
              <span>turn {turnNumber}</span>
              <small>{sinceText(lastActionAt)}</small>
            </a>
          </li>
        ))}
      </ul>
      <p class="quiet">They wait for you, {player.name}.</p>
    </section>
  );
}

function LiveGames(): JSX.Element {
  const found = useList<{ games: readonly GameAnswer[] }>("/live", refreshMs);
  return (
    <section class="panel" aria-label="Live games">
      <h2>Live games</h2>
      {found?.games.length === 0 && <p class="quiet">No game is being played right now.</p>}
      <ul class="games live">
        {found?.games.map(({ gameId, view }) => (
          <li key={gameId}>
            <a href={`#/game/${gameId}`}>
              <b>{view.turnOrder.map((id) => view.players[id]?.name ?? "?").join(" – ")}</b>
              <span>{turnText(view)}</span>
              <small>prizes left {view.turnOrder.map((id) => view.players[id]?.prizeCount ?? 0).join(" : ")}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sinceText(at: number): string {
  const minutes = Math.max(0, Math.round((Date.now() - at) / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h ago` : new Date(at).toLocaleDateString();
}
