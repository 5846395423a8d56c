import { type CardGameType, drawNumber, type GameState, type JsonValue, seedRandom } from "@turnkeep/game-state";
import type { CardAction } from "../card-action.js";
import { cardRules } from "../card-rules.js";
import { starterDecks } from "../cards/decks.js";
import { legalActions } from "../check/legal-actions.js";
import { type NewGame, newCardGame } from "../new-card-game.js";

export const playerIds = {
  one: "1a1a1a1a-1111-4111-8111-111111111111",
  two: "2b2b2b2b-2222-4222-8222-222222222222",
} as const;

/** A dealt game between the two starter decks. */
export function testGame(change: Partial<NewGame> = {}): GameState {
  return newCardGame({
    gameId: "3c3c3c3c-3333-4333-8333-333333333333",
    gameType: "freeplay" satisfies CardGameType,
    players: [
      { id: playerIds.one, name: "One", deck: starterDecks.kiln },
      { id: playerIds.two, name: "Two", deck: starterDecks.marsh },
    ],
    seed: "a game",
    ...change,
  });
}

export interface Step {
  readonly playerId: string;
  readonly action: CardAction;
  readonly before: GameState;
  readonly after: GameState;
  /** How long the rules took. */
  readonly actionMs: number;
}

export interface Playout {
  readonly initial: GameState;
  readonly final: GameState;
  readonly log: readonly JsonValue[];
  readonly steps: number;
}

/** Picks an action for a player, or none. */
export type Chooser = (state: GameState, playerId: string) => CardAction | null;

/** What ends a game that is not played out. */
const givingUp: readonly CardAction["type"][] = ["concede", "offerDraw", "acceptDraw"];

/** Any legal action but giving up, by chance. */
export function randomChooser(seed: string): Chooser {
  let random = seedRandom(seed);
  return (state, playerId) => {
    const legal = legalActions(state, playerId).filter(({ type }) => !givingUp.includes(type));
    if (legal.length === 0) return null;
    const drawn = drawNumber(random, legal.length);
    random = drawn.random;
    return legal[drawn.value] ?? null;
  };
}

/** Plays until the end. @throws if nobody can move, or it takes longer than any game may */
export function playOut(initial: GameState, choose: Chooser, onStep: (step: Step) => void = () => {}): Playout {
  let state = initial;
  const log: JsonValue[] = [];
  for (let steps = 0; steps < 20_000; steps++) {
    if (state.result !== null) return { initial, final: state, log, steps };
    const [move] = state.turnOrder.flatMap((playerId) => {
      const action = choose(state, playerId);
      return action === null ? [] : [{ playerId, action }];
    });
    if (move === undefined) throw new Error(`nobody can move in phase ${state.phase} of turn ${state.turnNumber}`);
    const begun = performance.now();
    const done = cardRules.apply(state, move.playerId, move.action);
    onStep({ ...move, before: state, after: done.state, actionMs: performance.now() - begun });
    log.push(...done.log);
    state = done.state;
  }
  throw new Error("the game does not end");
}
