import { type GameDefinition, systemRuntime } from "@turnkeep/core";
import { messageOf } from "./checks/check.js";
import { readDocuments } from "./checks/documents.js";
import type { GameUnderTest } from "./game-under-test.js";
import { type Finding, playAtRandom } from "./play/random-plays.js";
import { simulate } from "./simulate/simulate.js";

export interface CheckOptions {
  /** Decides all chance: the same seed gives the same run. Default a random one, which a report names. */
  readonly seed?: number | undefined;
  /** How many games are played; default 100. */
  readonly runs?: number | undefined;
  /** Moves in one game, at most; default 100. */
  readonly maxMoves?: number | undefined;
}

export interface GameReport {
  readonly seed: number;
  /** What is wrong, each promise once. */
  readonly findings: readonly Finding[];
  /** Moves that were played. */
  readonly moves: number;
  /** Games that came to an end. */
  readonly ended: number;
  /** What was not looked at, and what is missing for it. */
  readonly notChecked: readonly string[];
}

/**
 * Plays the game at random, with legal moves alone, and looks for promises that it breaks; of each that is broken the
 * shortest play is found. If none is, games are played while servers crash.
 */
export async function findFaults<State extends object, View, Move>(
  game: GameDefinition<State, View>,
  how: GameUnderTest<State, Move>,
  options: CheckOptions = {},
): Promise<GameReport> {
  const { seed = Math.floor(systemRuntime.random() * 2 ** 31), runs = 100, maxMoves = 100 } = options;
  const { states: old, faults } = readDocuments(game, how.documents);
  const upcasters = faults.map((message): Finding => ({ check: "upcasters", message, seed: null, moves: [] }));
  const { findings, moves, ended } = playAtRandom({ game, how, old }, { seed, runs, maxMoves });
  const found = [...upcasters, ...findings];
  if (found.length === 0) {
    try {
      await simulate(game, how, { seed });
    } catch (error) {
      found.push({ check: "crashes", message: messageOf(error), seed, moves: [] });
    }
  }
  return { seed, findings: found, moves, ended, notChecked: notChecked(how) };
}

function notChecked<State extends object, Move>({ canaries, replay, onDue }: GameUnderTest<State, Move>): string[] {
  const missing = {
    "what views leak: give canaries": canaries,
    "whether the log replays: give replay": replay,
    "deadlines: give onDue": onDue,
  };
  return Object.entries(missing).flatMap(([what, given]) => (given === undefined ? [what] : []));
}

/**
 * The same, as a test: passes if nothing is wrong.
 * @throws Error whose message says what is wrong, with the shortest play of each fault and the seed that repeats it
 */
export async function checkGame<State extends object, View, Move>(
  game: GameDefinition<State, View>,
  how: GameUnderTest<State, Move>,
  options: CheckOptions = {},
): Promise<GameReport> {
  const report = await findFaults(game, how, options);
  if (report.findings.length > 0) throw new Error(describe(game.name, report));
  return report;
}

function describe(name: string, { findings, seed }: GameReport): string {
  const faults = findings.map(({ check, message, moves, seed: ofGame }, n) => {
    const begin = ofGame === null ? "a stored document" : `newGame with seed ${ofGame}`;
    const play = moves.map((move) => `\n     ${JSON.stringify(move)}`).join("");
    const where =
      check === "upcasters" || check === "crashes" ? "" : `\n   after ${begin}, and ${moves.length} moves${play}`;
    return `${n + 1}. ${check}: ${message}${where}`;
  });
  return `${name} breaks ${findings.length} of the promises that a game owes:\n${faults.join("\n")}\nThe same again: { seed: ${seed} }`;
}
