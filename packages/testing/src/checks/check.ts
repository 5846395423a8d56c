import type { Viewer } from "@turnkeep/core";
import { kept } from "../play/kept.js";
import type { Played, Players } from "../play/walk.js";

/** One promise that a game owes. It looks at one play, and says in words what is wrong; `null` if nothing is. */
export type Check = <State extends object, View, Move>(
  players: Players<State, View, Move>,
  played: Played<State, Move>,
) => string | null;

/** Everybody who may look at a state: its players, a stranger and a spectator. */
export function viewersOf(playerIds: readonly string[]): Viewer[] {
  return [...playerIds, "a-stranger"].map((playerId): Viewer => ({ playerId })).concat("spectator");
}

export function nameOf(viewer: Viewer): string {
  return viewer === "spectator" ? "a spectator" : viewer.playerId;
}

/** The functions that look at a state and return something of it, by name. */
export function looksOf<State extends object, View, Move>({
  game,
  how,
}: Players<State, View, Move>): [name: string, look: (state: State) => unknown][] {
  return [
    ["legalMoves", (state) => how.legalMoves(state)],
    ["viewFor", (state) => viewersOf(game.playersOf(kept(state))).map((viewer) => game.viewFor(state, viewer))],
    ["turnOf", (state) => game.turnOf(state)],
    ["dueAt", (state) => game.dueAt(state)],
    ["resultOf", (state) => game.resultOf(state)],
    ["rulesOf", (state) => game.rulesOf(state)],
    ["playersOf", (state) => game.playersOf(state)],
  ];
}

/** The message of what was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
