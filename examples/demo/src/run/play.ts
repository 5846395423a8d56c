import { setMaxListeners } from "node:events";
import { fork, type Operation, type Programs, playMatch, type Random } from "@turnkeep/match-kit";
import { keepKilling } from "./killer.js";
import { matchKinds } from "./kinds.js";
import type { Progress } from "./progress.js";

export interface PlayOptions {
  readonly programs: Programs;
  readonly jwtSecret: string;
  readonly matches: number;
  readonly kills: number;
  readonly random: Random;
  readonly progress: Progress;
}

/** The answers that clients got, and how often the server was killed meanwhile. */
export interface Play {
  readonly operations: readonly Operation[];
  readonly endedGames: readonly string[];
  /** Names of the kinds of matches that were played to their end. */
  readonly kinds: ReadonlySet<string>;
  readonly kills: number;
}

/** How long the server is left alone between two kills. */
const restMs = [300, 2_500] as const;

/**
 * So many matches at once, all the time while the server is killed and started again; then those under way are played
 * to their end. A failure of one part ends the others.
 * @throws Error if the server does not come up again
 */
export async function play(options: PlayOptions, signal: AbortSignal): Promise<Play> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // Every client listens to it.
  setMaxListeners(0, either);
  const run = new Run(options, either);
  const parts = [run.kill(), ...Array.from({ length: options.matches }, () => run.keepPlaying())];
  for (const part of parts) part.catch(() => failure.abort());
  const outcomes = await Promise.allSettled(parts);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return run;
}

class Run implements Play {
  readonly operations: Operation[] = [];
  readonly endedGames: string[] = [];
  readonly kinds = new Set<string>();
  kills = 0;
  #begun = 0;
  #killing = true;

  readonly #options: PlayOptions;
  readonly #signal: AbortSignal;

  constructor(options: PlayOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async kill(): Promise<void> {
    const { programs, kills, random, progress } = this.#options;
    const onKilled = (kill: number) => {
      progress.counts.kills = kill;
      progress.say(`killed the server (${kill} of ${kills})`);
    };
    const [kill, restart] = [() => programs.killServer(0), () => programs.startServer(0)];
    try {
      const killer = { kills, random: fork(random), restMs, kill, restart, onKilled };
      this.kills = await keepKilling(killer, this.#signal);
    } finally {
      this.#killing = false;
    }
  }

  async keepPlaying(): Promise<void> {
    const { programs, jwtSecret, progress } = this.#options;
    const { counts } = progress;
    const random = fork(this.#options.random);
    const onOperation = (operation: Operation) => this.#note(operation);
    do {
      counts.matchesUnderWay += 1;
      const kind = matchKinds[this.#begun++ % matchKinds.length];
      if (kind === undefined) return;
      const match = { serverUrls: programs.serverUrls, jwtSecret, random, kind, onOperation };
      const played = await playMatch(match, this.#signal);
      counts.matchesUnderWay -= 1;
      if (played === null || played.end === null) return;
      this.endedGames.push(played.gameId);
      this.kinds.add(kind.name);
      counts.matchesFinished += 1;
    } while (this.#killing && !this.#signal.aborted);
  }

  #note(operation: Operation): void {
    const { counts } = this.#options.progress;
    this.operations.push(operation);
    counts.retries += operation.attempts - 1;
    if (operation.duplicate) counts.recognised += 1;
    if (operation.outcome === "acknowledged") counts.acknowledged += 1;
  }
}
