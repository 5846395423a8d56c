import { type GameDefinition, isTurnkeepError, type JsonValue } from "@turnkeep/core";
import { stepOf } from "@turnkeep/manager";
import type { GameUnderTest } from "../game-under-test.js";
import { kept } from "./kept.js";

/** What decides a play: the same choices give the same play. */
export interface Choices {
  /** Which game it begins with: 0 a new one, n the n-th stored document. */
  readonly start: number;
  /** Handed to `newGame`. */
  readonly seed: number;
  readonly moves: readonly number[];
}

/** A state, and what the log keeps of the way to it. */
export interface Made<State> {
  readonly state: State;
  readonly log: readonly JsonValue[];
}

/** One move of a play, or a deadline that came. */
export interface Step<State, Move> {
  /** The state before, as a store gives it back. */
  readonly before: State;
  readonly move: Move | typeof deadline;
  readonly serviceMs: number;
  /** The next state exactly as the rules returned it. */
  readonly made: State;
  readonly log: readonly JsonValue[];
}

/** In the place of a move: nobody moved in time. */
export const deadline: unique symbol = Symbol("deadline");

export interface Played<State, Move> {
  readonly choices: Choices;
  readonly first: State;
  readonly steps: readonly Step<State, Move>[];
  /** Why it went no further than the choices: `over`, nobody could move, or the rules failed. */
  readonly end: "choices" | "over" | "stuck" | { readonly threw: unknown; readonly move: unknown };
}

export const gameIdOfTests = "7e57ab1e-0000-4000-8000-000000000000";

/** Every so many choices a deadline is let pass, if there is one. */
const deadlineEvery = 8;
const longestPauseMs = 60_000;

/** The game and its rules, and the states that a play may begin with. */
export interface Players<State extends object, View, Move> {
  readonly game: GameDefinition<State, View>;
  readonly how: GameUnderTest<State, Move>;
  /** Stored documents, brought up to date. */
  readonly old: readonly State[];
}

/** Plays legal moves as the choices say. Every call of the rules gets a copy of its own. */
export function walk<State extends object, View, Move>(
  { game, how, old }: Players<State, View, Move>,
  choices: Choices,
): Played<State, Move> {
  const first = choices.start === 0 ? undefined : old[choices.start - 1];
  const steps: Step<State, Move>[] = [];
  let state = kept(first ?? how.newGame(gameIdOfTests, choices.seed));
  const played = { choices, first: state, steps };
  let serviceMs = 0;
  let move: unknown = "(none)";
  try {
    for (const choice of choices.moves) {
      if (game.resultOf(kept(state)) !== null) return { ...played, end: "over" };
      const legal = how.legalMoves(kept(state));
      const dueAt = game.dueAt(kept(state));
      const due = how.onDue !== undefined && dueAt !== null;
      if (legal.length === 0 && !due) return { ...played, end: "stuck" };
      const before = state;
      const comes = due && (legal.length === 0 || choice % deadlineEvery === deadlineEvery - 1);
      const pause = 1 + (choice % longestPauseMs);
      const later = dueAt === null ? serviceMs + pause : Math.min(serviceMs + pause, Math.max(serviceMs, dueAt - 1));
      serviceMs = comes ? Math.max(serviceMs, dueAt) : later;
      const chosen = comes ? deadline : (legal[choice % legal.length] as Move);
      move = chosen;
      const { state: made, log } = takeStep({ game, how }, kept(before), keptMove(chosen), serviceMs);
      steps.push({ before, move: chosen, serviceMs, made, log });
      state = kept(made);
    }
    return { ...played, end: game.resultOf(kept(state)) === null ? "choices" : "over" };
  } catch (threw) {
    // What the definition returns wrong has a check of its own.
    const wrong = isTurnkeepError(threw, "InvalidState") && threw.details.reason === "definition";
    return { ...played, end: wrong ? "choices" : { threw, move } };
  }
}

/** One step of the rules that new games begin under, as `update` takes it. */
export function takeStep<State extends object, View, Move>(
  { game, how }: Pick<Players<State, View, Move>, "game" | "how">,
  state: State,
  move: Move | typeof deadline,
  serviceMs: number,
): Made<State> {
  const { rulesVersion } = game;
  const gameId = game.idOf(kept(state));
  const made = (result: unknown) => stepOf(game, gameId, result) as Made<State>;
  if (move !== deadline) return made(how.play(state, move as Move, serviceMs, { rulesVersion }));
  if (how.onDue === undefined) throw new Error("a deadline came, and the rules have no onDue");
  return made(how.onDue(state, serviceMs, { rulesVersion }));
}

/** A copy, with the mark of a deadline as it is. */
export function keptMove<Move>(move: Move | typeof deadline): Move | typeof deadline {
  return move === deadline ? move : kept(move);
}

/** Every state of a play, as a store gives it back; the last one is as it ended. */
export function statesOf<State extends object, Move>({ first, steps }: Played<State, Move>): State[] {
  return [first, ...steps.map(({ made }) => kept(made))];
}
