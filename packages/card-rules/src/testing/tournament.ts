import type { CardEndReason } from "@turnkeep/game-state";
import { type StarterDeck, starterDecks } from "../cards/decks.js";
import { chooseAction } from "../choose-action.js";
import { type Chooser, playerIds, playOut, randomChooser, testGame } from "./playout.js";

/** Who sits at the table: how they play, and with which of the starter decks. */
export interface Contestant {
  readonly plays: "npc" | "chance";
  readonly deck: StarterDeck;
}

/** What a row of games between two contestants came to; `wins` by contestant, by deck and by seat. */
export interface SeriesResult {
  readonly name: string;
  readonly games: number;
  /** The seeds are `<seed>-0`, `<seed>-1` and so on. */
  readonly seed: string;
  readonly wins: { readonly first: number; readonly second: number; readonly nobody: number };
  readonly winsOfFirstSeat: number;
  readonly winsOfSecondSeat: number;
  readonly endReasons: Partial<Record<CardEndReason, number>>;
  readonly meanTurns: number;
  readonly longestTurns: number;
  readonly meanActions: number;
  readonly microsecondsPerAction: number;
}

/** Plays so many games, one for each seed; who has the first turn is each seed's own coin. */
export function playSeries(games: number, seed: string, first: Contestant, second: Contestant): SeriesResult {
  const wins = { first: 0, second: 0, nobody: 0 };
  const seats = [0, 0];
  const endReasons: Partial<Record<CardEndReason, number>> = {};
  let turns = 0;
  let longestTurns = 0;
  let actions = 0;
  let actionMs = 0;
  for (let index = 0; index < games; index++) {
    const played = playMatch(`${seed}-${index}`, first, second, (ms) => {
      actionMs += ms;
    });
    const { result, turnNumber, turnOrder } = played.final;
    const winner = result?.winnerId ?? null;
    wins[winner === null ? "nobody" : winner === playerIds.one ? "first" : "second"]++;
    if (winner !== null) seats[turnOrder.indexOf(winner)] = (seats[turnOrder.indexOf(winner)] ?? 0) + 1;
    if (result !== null) endReasons[result.reason] = (endReasons[result.reason] ?? 0) + 1;
    turns += turnNumber;
    longestTurns = Math.max(longestTurns, turnNumber);
    actions += played.steps;
  }
  return {
    name: `${nameOf(first)} : ${nameOf(second)}`,
    games,
    seed,
    wins,
    winsOfFirstSeat: seats[0] ?? 0,
    winsOfSecondSeat: seats[1] ?? 0,
    endReasons,
    meanTurns: turns / games,
    longestTurns,
    meanActions: actions / games,
    microsecondsPerAction: (actionMs * 1_000) / actions,
  };
}

const nameOf = ({ plays, deck }: Contestant): string => `${plays} ${deck}`;

function playMatch(seed: string, first: Contestant, second: Contestant, onTime: (ms: number) => void) {
  const initial = testGame({
    seed,
    players: [
      { id: playerIds.one, name: "One", deck: starterDecks[first.deck] },
      { id: playerIds.two, name: "Two", deck: starterDecks[second.deck] },
    ],
  });
  const choosers: Readonly<Record<string, Chooser>> = {
    [playerIds.one]: chooserOf(first, `${seed} one`),
    [playerIds.two]: chooserOf(second, `${seed} two`),
  };
  return playOut(
    initial,
    (state, playerId) => choosers[playerId]?.(state, playerId) ?? null,
    ({ actionMs }) => onTime(actionMs),
  );
}

function chooserOf({ plays }: Contestant, seed: string): Chooser {
  return plays === "npc" ? chooseAction : randomChooser(seed);
}

/** Each pairing that says something: decks against each other, a deck against itself, the NPC against chance. */
export function playTournament(games: number, seed: string): readonly SeriesResult[] {
  const pairings: readonly (readonly [Contestant, Contestant])[] = [
    [npc("kiln"), npc("marsh")],
    [npc("kiln"), npc("kiln")],
    [npc("marsh"), npc("marsh")],
    [npc("kiln"), chance("marsh")],
    [npc("marsh"), chance("kiln")],
    [chance("kiln"), chance("marsh")],
  ];
  return pairings.map(([first, second]) => playSeries(games, seed, first, second));
}

const npc = (deck: StarterDeck): Contestant => ({ plays: "npc", deck });
const chance = (deck: StarterDeck): Contestant => ({ plays: "chance", deck });
