import fc from "fast-check";
import { allChecks } from "../checks/all-checks.js";
import { messageOf } from "../checks/check.js";
import { type Choices, deadline, type Played, type Players, walk } from "./walk.js";

export interface PlaySettings {
  readonly seed: number;
  readonly runs: number;
  readonly maxMoves: number;
}

/** A promise that is broken, and the shortest play found that breaks it. */
export interface Finding {
  readonly check: keyof typeof allChecks | "upcasters" | "crashes";
  readonly message: string;
  /** What `newGame` was given; `null` if the play began with a stored document, or there was none. */
  readonly seed: number | null;
  readonly moves: readonly unknown[];
}

export interface RandomPlays {
  readonly findings: readonly Finding[];
  readonly moves: number;
  /** Plays that came to an end. */
  readonly ended: number;
}

/** Plays so many games at random, looks at each with every check, and shortens the first play that breaks one. */
export function playAtRandom<State extends object, View, Move>(
  players: Players<State, View, Move>,
  { seed, runs, maxMoves }: PlaySettings,
): RandomPlays {
  const choices = fc.record({
    start: fc.nat(players.old.length),
    seed: fc.nat(),
    moves: fc.array(fc.nat(1_000_000), { maxLength: maxMoves, size: "max" }),
  });
  const broken = new Map<Finding["check"], Finding>();
  let [moves, ended] = [0, 0];
  for (const chosen of fc.sample(choices, { seed, numRuns: runs })) {
    const played = walk(players, chosen);
    moves += played.steps.length;
    if (played.end === "over") ended += 1;
    for (const [name, check] of named) {
      if (broken.has(name)) continue;
      const message = run(check, players, played);
      if (message !== null) broken.set(name, shortest(name, check, players, chosen, { choices, seed, runs }));
    }
  }
  return { findings: [...broken.values()], moves, ended };
}

type Name = keyof typeof allChecks;
const named = Object.entries(allChecks) as [Name, (typeof allChecks)[Name]][];

function run<State extends object, View, Move>(
  check: (typeof allChecks)[Name],
  players: Players<State, View, Move>,
  played: Played<State, Move>,
): string | null {
  try {
    return check(players, played);
  } catch (error) {
    return `it fails with “${messageOf(error)}”`;
  }
}

function shortest<State extends object, View, Move>(
  name: Name,
  check: (typeof allChecks)[Name],
  players: Players<State, View, Move>,
  first: Choices,
  { choices, seed, runs }: { choices: fc.Arbitrary<Choices>; seed: number; runs: number },
): Finding {
  const holds = (chosen: Choices) => run(check, players, walk(players, chosen)) === null;
  const { counterexample } = fc.check(fc.property(choices, holds), { seed, numRuns: runs, examples: [] });
  const found = counterexample?.[0] ?? first;
  const played = walk(players, found);
  return {
    check: name,
    message: run(check, players, played) ?? "it was broken once, and not when it was played again",
    seed: found.start === 0 ? found.seed : null,
    moves: played.steps.map(({ move }) => (move === deadline ? "(the deadline)" : move)),
  };
}
