import { setMaxListeners } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fork, type Operation, type PlayStyle, playMatch, playStyles, type Random, seeded } from "@turnkeep/match-kit";
import { pause } from "@turnkeep/service-kit";
import type { ClientResult, ClientWork, Phase } from "./client-work.js";

const delayResolutionMs = 5;

/** So many matches at once, one after the other, until the players have to leave. */
export class MatchPlayers {
  readonly #work: ClientWork;
  /** No match begins any more. */
  readonly #leave = new AbortController();
  readonly #style: PlayStyle;
  readonly #operations: Operation[] = [];
  readonly #endedGames: string[] = [];
  readonly #times = { writeBehind: [] as number[], durable: [] as number[], push: [] as number[] };
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  readonly #errors: string[] = [];
  #measuring = false;

  constructor(work: ClientWork) {
    this.#work = work;
    this.#style = {
      ...playStyles.steady,
      thinkMs: [work.thinkMs / 2, (work.thinkMs * 3) / 2],
      askAfterMs: Math.max(10_000, work.thinkMs * 5),
      overSocket: 1,
    };
    // Every player listens to it.
    setMaxListeners(0, this.#leave.signal);
  }

  enter(phase: Phase): void {
    this.#measuring = phase === "measure";
    if (phase === "measure") this.#delay.enable();
    else {
      this.#delay.disable();
      this.#leave.abort();
    }
  }

  /** Resolves when all have left. @throws Error if a server refuses to begin a game */
  async play(signal: AbortSignal): Promise<ClientResult> {
    const { matches, rampMs, seed } = this.#work;
    setMaxListeners(0, signal);
    const random = seeded(seed);
    const tables = Array.from({ length: matches }, async (_, index) => {
      const own = fork(random);
      await pause((rampMs * index) / matches, this.#leave.signal);
      while (!this.#leave.signal.aborted && !signal.aborted) await this.#playOne(own, signal);
    });
    await Promise.all(tables);
    return {
      operations: this.#operations,
      endedGames: this.#endedGames,
      errors: this.#errors,
      writeBehindMs: this.#times.writeBehind,
      durableMs: this.#times.durable,
      pushMs: this.#times.push,
      ownDelayP99Ms: Math.max(0, this.#delay.percentile(99) / 1e6 - delayResolutionMs),
    };
  }

  /** Fires so long after players have to leave: as they came, they leave one after the other. */
  #leaveAfter(ms: number): AbortSignal {
    const own = new AbortController();
    const then = () => setTimeout(() => own.abort(), ms);
    if (this.#leave.signal.aborted) then();
    else this.#leave.signal.addEventListener("abort", then);
    return own.signal;
  }

  async #playOne(random: Random, signal: AbortSignal): Promise<void> {
    const { serverUrls, jwtSecret } = this.#work;
    const leave = this.#leaveAfter(random() * this.#work.rampMs);
    const leaving = { ...this.#style, leave };
    const match = {
      serverUrls: random() < 0.5 ? serverUrls : serverUrls.toReversed(),
      jwtSecret,
      random,
      // Giving up is for one of them.
      kind: { name: "load", style: leaving, opponent: this.#style },
      onOperation: (operation: Operation) => this.#note(operation),
      onPush: (tookMs: number) => this.#measuring && this.#times.push.push(tookMs),
    };
    const played = await playMatch(match, signal);
    if (played?.end) this.#endedGames.push(played.gameId);
  }

  #note(operation: Operation): void {
    this.#operations.push(operation);
    const { level, tookMs, outcome, code } = operation;
    if (outcome !== "acknowledged" && !this.#leave.signal.aborted) this.#errors.push(code ?? outcome);
    if (this.#measuring && operation.operation === "act" && level !== null) this.#times[level].push(tookMs);
  }
}
