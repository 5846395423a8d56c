import { type FinishedGame, type Page, requests } from "@turnkeep/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { durationText, momentText } from "../common/times.js";
import { gameTypeText, plural, reasonText } from "../common/words.js";
import { askPatiently } from "../connection/ask-patiently.js";
import type { Session } from "../connection/session.js";
import { AskingState, useAsking } from "../connection/use-asking.js";
import { useList } from "../connection/use-list.js";
import { useOpponent } from "./opponents.js";

const refreshMs = 5_000;

/** The player's finished games, the newest first, each with its replay. */
export function History({ player }: { player: Session }): JSX.Element {
  const first = useList(requests.listHistory({ limit: 10 }), refreshMs);
  const [older, setOlder] = useState<Page<FinishedGame> | null>(null);
  const asking = useAsking();
  const next = older === null ? first?.next : older.next;
  const known = new Set(first?.items.map(({ gameId }) => gameId));
  const games = [...(first?.items ?? []), ...(older?.items ?? []).filter(({ gameId }) => !known.has(gameId))];
  const more = () =>
    asking.attempt(async (onWait) => {
      const page = await askPatiently(requests.listHistory({ limit: 10, after: next }), onWait);
      setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next });
    });
  return (
    <section class="panel" aria-label="Finished games">
      <h2>Finished games</h2>
      {first === null && <p class="quiet">Looking…</p>}
      {first !== null && games.length === 0 && (
        <p class="quiet">None yet. Each game that is over waits here, to be looked at again step by step.</p>
      )}
      <ul class="games history">
        {games.map((game) => (
          <li key={game.gameId}>
            <Finished game={game} player={player} />
          </li>
        ))}
      </ul>
      {next && (
        <button type="button" onClick={more} disabled={asking.busy}>
          Older ones
        </button>
      )}
      <AskingState asking={asking} />
    </section>
  );
}

function Finished({ game, player }: { game: FinishedGame; player: Session }): JSX.Element {
  const opponent = useOpponent(game.gameId, player);
  const outcome = outcomeOf(game, player);
  return (
    <a href={`#/replay/${game.gameId}`} data-game={game.gameId}>
      <b class={`outcome ${outcome}`}>{outcome}</b>
      <span class="opponent">against {opponent ?? "…"}</span>
      <span class="why">
        {reasonText(game.outcome.endReason)}
        {game.npcId === null && `, ${gameTypeText(game.gameType)}`}
      </span>
      <small>
        {plural(game.turnCount, "turn")} in {durationText(game.durationSeconds)},{" "}
        <time dateTime={new Date(game.endedAt).toISOString()}>{momentText(game.endedAt)}</time>
      </small>
    </a>
  );
}

function outcomeOf({ outcome }: FinishedGame, { playerId }: Session): "won" | "lost" | "drawn" {
  if (outcome.winnerIds.includes(playerId)) return "won";
  return outcome.winnerIds.length > 0 || outcome.winnerIsNpc ? "lost" : "drawn";
}
