import type { LoadedAnswer } from "@turnkeep/api/schemas";
import type { Viewer } from "@turnkeep/core";
import type { LoadedGame } from "@turnkeep/manager";
import type { ServedGame } from "./served-game.js";

/** A loaded game as this viewer may see it; who is no player sees what a spectator sees. */
export function projectGame<State extends object>(
  { game }: Pick<ServedGame<State, never>, "game">,
  { state, version, status, stale }: Pick<LoadedGame<State>, "state" | "version" | "status" | "stale">,
  viewerId: string | null,
  serviceTime: number,
): LoadedAnswer {
  const view = game.viewFor(state, viewerAmong(game.playersOf(state), viewerId));
  return { gameId: game.idOf(state), version, status, stale, serviceTime, view, result: null };
}

export function viewerAmong(playerIds: readonly string[], viewerId: string | null): Viewer {
  return viewerId !== null && playerIds.includes(viewerId) ? { playerId: viewerId } : "spectator";
}
