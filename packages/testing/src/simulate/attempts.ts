import { isTurnkeepError } from "@turnkeep/core";
import type { GameStateManager } from "@turnkeep/manager";
import { type Process, startProcess, type World } from "./process.js";

/** A call that is not answered within this time, in ms, is never. */
const patienceMs = 600_000;
const pauseMs = 500;
const mostAttempts = 100;
const mostStepsToCrash = 12;

/**
 * Two servers, and a client that asks any of them until it has an answer, as every client has to: with the same write id
 * each time, so that its write is applied once.
 */
export class Attempts<State extends object, View> {
  readonly #world: World<State, View>;
  readonly #processes: Process<State, View>[] = [];
  #crashes = 0;
  /** How many crashes there should have been by now. */
  crashesDue = 0;

  constructor(world: World<State, View>) {
    this.#world = world;
  }

  get crashes(): number {
    return this.#crashes;
  }

  async start(): Promise<void> {
    while (this.#processes.length < 2) this.#processes.push(await startProcess(this.#world));
  }

  /** The service time, as the server knows it that heard of it last. */
  serviceTime(): number {
    return Math.max(...this.#processes.map(({ manager }) => manager.serviceTime()));
  }

  /**
   * What the call gives, by whichever server answers. Where a crash is due, the server that is asked is killed at one of
   * its next steps, and another is started in its place.
   * @throws what the call throws, unless a store was unavailable
   */
  async until<T>(call: (manager: GameStateManager<State, View>) => Promise<T>): Promise<T> {
    const { runtime } = this.#world;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const at = Math.floor(runtime.random() * this.#processes.length);
      const process = this.#processes[at] as Process<State, View>;
      const crashes = this.#crashes < this.crashesDue;
      if (crashes) process.kill(1 + Math.floor(runtime.random() * mostStepsToCrash));
      let answer: { readonly value: T } | { readonly error: unknown } | undefined;
      call(process.manager).then(
        (value) => {
          answer = { value };
        },
        (error: unknown) => {
          answer = { error };
        },
      );
      await runtime.advanceUntil(() => answer !== undefined || process.isDead(), patienceMs);
      if (crashes) await this.#replace(at);
      if (answer === undefined) continue;
      if ("value" in answer) return answer.value;
      if (!isTemporary(answer.error)) throw answer.error;
      await runtime.advance(pauseMs);
    }
    throw new Error(`a call was not answered in ${mostAttempts} attempts`);
  }

  /** Kills every server, and starts others. */
  async restart(): Promise<void> {
    for (const process of this.#processes.splice(0)) process.kill();
    await this.start();
  }

  async #replace(at: number): Promise<void> {
    this.#processes[at]?.kill();
    this.#crashes += 1;
    this.#processes[at] = await startProcess(this.#world);
  }
}

const temporary: ReadonlySet<string> = new Set(["CacheUnavailable", "StoreUnavailable", "Backpressure"]);
const isTemporary = (error: unknown) => isTurnkeepError(error) && temporary.has(error.code);
