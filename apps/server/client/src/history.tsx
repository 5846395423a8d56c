import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FinishedGame, Page } from "./answers.js";
import { ask } from "./api.js";
import type { Session } from "./session.js";
import { useList } from "./use-list.js";
import { gameTypeText, reasonText } from "./words.js";

const refreshMs = 5_000;

/** The player's finished games, the newest first, each with its replay. */
export function History({ player }: { player: Session }): JSX.Element {
  const first = useList<Page<FinishedGame>>("/history?limit=10", refreshMs);
  const [older, setOlder] = useState<Page<FinishedGame> | null>(null);
  const next = older === null ? first?.next : older.next;
  const known = new Set(first?.items.map(({ gameId }) => gameId));
  const games = [...(first?.items ?? []), ...(older?.items ?? []).filter(({ gameId }) => !known.has(gameId))];
  const more = async () => {
    const path = `/history?limit=10&after=${encodeURIComponent(next ?? "")}`;
    const page = await ask<Page<FinishedGame>>(path, { token: player.token }).catch(() => null);
    if (page !== null) setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next });
  };
  return (
    <section class="panel" aria-label="Finished games">
      <h2>Finished games</h2>
      {first !== null && games.length === 0 && <p class="quiet">None yet.</p>}
      <ul class="games history">
        {games.map((game) => (
          <li key={game.gameId}>
            <a href={`#/replay/${game.gameId}`} data-game={game.gameId}>
              <b class={`outcome ${outcomeOf(game, player)}`}>{outcomeOf(game, player)}</b>
              <span>
                {gameTypeText(game.gameType)}, {reasonText(game.endReason)}
              </span>
              <small>
                {game.turnCount} turns, {new Date(game.endedAt).toLocaleString()}
              </small>
            </a>
          </li>
        ))}
      </ul>
      {next && (
        <button type="button" onClick={more}>
          Older ones
        </button>
      )}
    </section>
  );
}

function outcomeOf({ winnerId, winnerIsNpc }: FinishedGame, { playerId }: Session): "won" | "lost" | "drawn" {
  if (winnerId === playerId) return "won";
  return winnerId !== null || winnerIsNpc ? "lost" : "drawn";
}
