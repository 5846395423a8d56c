import { useEffect, useState } from "preact/hooks";
import type { GameAnswer } from "./answers.js";
import { ask } from "./api.js";
import type { Session } from "./session.js";

const known = new Map<string, string>();

/** Against whom the player plays or played this game, which lists do not say; `null` until it is known. */
export function useOpponent(gameId: string, { playerId, token }: Session): string | null {
  const [name, setName] = useState(known.get(gameId) ?? null);
  useEffect(() => {
    if (name !== null) return;
    let over = false;
    void ask<GameAnswer>(`/games/${gameId}`, { token }).then(
      ({ view }) => {
        const found = Object.values(view?.players ?? {}).find(({ id }) => id !== playerId)?.name ?? "somebody";
        known.set(gameId, found);
        if (!over) setName(found);
      },
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [gameId, playerId]);
  return name;
}
