import type { GameState, PlayerState } from "@turnkeep/game-state";
import { expect, it } from "vitest";
import { type Side, scene } from "./scene.js";
import { unsound } from "./unsound.js";

const card = (definitionId: string) => ({ id: "0-other-0", definitionId, owner: 0 });
const on = (change: NonNullable<Side["change"]>) => scene({ change }).state;

/** The scene with some of the player's own zones changed. */
function changed(change: Partial<PlayerState>, mine: Side = {}): GameState {
  const { state, me } = scene(mine);
  const player = state.players[me];
  return player === undefined ? state : { ...state, players: { ...state.players, [me]: { ...player, ...change } } };
}

const [benched] = changed({}, { bench: ["ashpaw"] }).players[scene({}).me]?.bench ?? [];
const { state: sound, me } = scene({ bench: ["ashpaw"] });
const promote = { type: "promote" as const, playerId: me };

const broken: readonly (readonly [string, GameState])[] = [
  ["a turn after the last", { ...sound, turnNumber: 101 }],
  ["something forced after the end", { ...sound, phase: "ended", forcedActions: [promote] }],
  ["a stadium that is none", { ...sound, stadium: card("ashpaw") }],
  ["a bench too full", scene({ bench: ["ashpaw", "ashpaw", "ashpaw", "ashpaw", "ashpaw"] }).state],
  ["more prizes than laid aside", scene({ prizes: ["ashpaw", "ashpaw", "ashpaw", "ashpaw"] }).state],
  ["a condition on the bench", changed({ bench: benched ? [{ ...benched, conditions: ["dazed"] }] : [] })],
  ["an empty place in front that nobody has to fill", scene({ active: null, bench: ["ashpaw"] }).state],
  ["an empty place in front that nobody has to fill", { ...sound, forcedActions: [promote] }],
  ["a promotion from an empty bench", scene({ active: null }, {}, { forcedActions: [promote] }).state],
  ["a creature in play without hit points", on({ damage: 60 })],
  ["two tools on a creature", on({ tools: [card("whetstone"), card("whetstone")] })],
  ["a tool that is none", on({ tools: [card("ashpaw")] })],
  ["an energy that is none", on({ energy: [card("whetstone")] })],
  ["a creature from a later turn", on({ enteredOnTurn: 4 })],
  ["a creature on what it does not evolve from", on({ under: [card("rillfin")] })],
  ["a creature on what it does not evolve from", scene({ active: "bellowsfang" }).state],
];

it.each(broken)("finds %s", (what, state) => {
  expect(unsound(state)).toBe(what);
});

it("finds nothing in a sound state", () => {
  expect(unsound(sound)).toBeNull();
});
