import { requests } from "@turnkeep/api";
import { useEffect, useState } from "preact/hooks";
import { api } from "../connection/api.js";
import type { Session } from "../connection/session.js";

const known = new Map<string, string>();

/** Against whom the player plays or played this game, which lists do not say; `null` until it is known. */
export function useOpponent(gameId: string, { playerId }: Session): string | null {
  const [name, setName] = useState(known.get(gameId) ?? null);
  useEffect(() => {
    if (name !== null) return;
    let over = false;
    void api.ask(requests.getGame(gameId)).then(
      ({ view }) => {
        const found = Object.values(view?.players ?? {}).find(({ id }) => id !== playerId)?.name ?? "another player";
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
