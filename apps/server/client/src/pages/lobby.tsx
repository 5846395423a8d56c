import { type ListedGame, requests } from "@turnkeep/api";
import { cardCatalogue } from "@turnkeep/card-rules";
import type { JSX } from "preact";
import { CardFace, paint } from "../board/card.js";
import { sinceText } from "../common/times.js";
import { TwiceButton } from "../common/twice-button.js";
import { turnText } from "../common/words.js";
import { type Session, session, signOut } from "../connection/session.js";
import { useStore } from "../connection/store.js";
import { useList } from "../connection/use-list.js";
import { History } from "./history.js";
import { NewGame } from "./new-game.js";
import { useOpponent } from "./opponents.js";
import { SignIn } from "./sign-in.js";

const refreshMs = 3_000;

/** Where games begin and are found again. */
export function Lobby(): JSX.Element {
  const player = useStore(session);
  return (
    <div class="lobby">
      <section class="panel welcome">
        <h1>{player === null ? "A card game, kept safe turn by turn" : `Welcome, ${player.name}`}</h1>
        {player === null ? <SignIn /> : <NewGame />}
        <p class="first-steps">
          <a href="#/help">How to play</a>
          {player === null && <a href="#/decks">The decks, card by card</a>}
          {player !== null && (
            <TwiceButton className="link" again="Really? Your games stay behind." onSure={signOut}>
              Leave this seat
            </TwiceButton>
          )}
        </p>
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

function OwnGames({ player }: { player: Session }): JSX.Element {
  const page = useList(requests.listGames({ limit: 20 }), refreshMs);
  return (
    <section class="panel" aria-label="Your games">
      <h2>Your games</h2>
      <p class="quiet">
        {page === null && "Looking…"}
        {page?.items.length === 0 && "None is being played. Begin one above."}
        {page !== null && page.items.length > 0 && "They are not over: go back to the table at any time."}
      </p>
      <ul class="games">
        {page?.items.map((game) => (
          <li key={game.gameId}>
            <OwnGame game={game} player={player} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OwnGame({ game, player }: { game: ListedGame; player: Session }): JSX.Element {
  const { gameId, turnNumber, lastActionAt } = game;
  const opponent = useOpponent(gameId, player);
  return (
    <a href={`#/game/${gameId}`}>
      <b>against {opponent ?? "…"}</b>
      <span>{turnNumber === 0 ? "setting up" : `turn ${turnNumber}`}</span>
      <small>{sinceText(lastActionAt)}</small>
    </a>
  );
}

function LiveGames(): JSX.Element {
  const found = useList(requests.listLive(), refreshMs);
  return (
    <section class="panel" aria-label="Live games">
      <h2>Live games</h2>
      {found === null && <p class="quiet">Looking…</p>}
      {found?.games.length === 0 && (
        <p class="quiet">Nobody plays right now. Games that are played stand here, for everybody to watch.</p>
      )}
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
