import type { ReplayStep, ReplaySteps, StepQuery } from "@turnkeep/api/schemas";
import { isTurnkeepError, type JsonValue } from "@turnkeep/core";
import type { ShownGame } from "../served/served-game.js";
import type { FinishedGame, LoggedWrite } from "./finished-game.js";

const rememberedStates = 32;

/**
 * Plays finished games again, a page of steps at a time. The states where pages ended are remembered, few of them, so
 * that going on costs no more than the page; from anywhere else the game is played from its beginning.
 */
export class ReplayPlayer<State extends object> {
  readonly #served: ShownGame<State>;
  readonly #states = new Map<string, State>();

  constructor(served: ShownGame<State>) {
    this.#served = served;
  }

  /**
   * Steps `after + 1` and those that follow, or the initial state as step 0 first. Where the rules of today do not
   * give what a log of older rules tells, the last step is the final state and `complete` is false.
   */
  page(
    gameId: string,
    finished: FinishedGame<State>,
    viewerId: string | null,
    { after, limit }: StepQuery,
  ): ReplaySteps {
    const { initialState, log, finalState } = finished.stored;
    const entries = (log as unknown as readonly LoggedWrite[]).flatMap((write) => write.entries);
    const total = entries.length;
    const onlooker = finished.onlooker(viewerId);
    const items: ReplayStep[] = [];
    const show = (seq: number, state: State, entry: JsonValue | undefined) => {
      const logged = entry === undefined ? nothingLogged : this.#served.viewEntry(entry, onlooker);
      items.push({ seq, ...logged, view: this.#served.viewAfterEnd(state, onlooker) });
    };
    const stop = () => {
      if (finalState !== null) show(total, finalState, undefined);
      return { items, next: null, total, complete: false };
    };
    if (initialState === null) return stop();
    const first = after === undefined ? 0 : after + 1;
    if (first === 0) show(0, initialState, undefined);
    const last = Math.min(total, first + limit - 1);
    let { seq, state } = this.#begin(gameId, first === 0 ? 0 : first - 1, initialState);
    while (seq < last) {
      const entry = entries[seq] as JsonValue;
      try {
        state = this.#served.rules.replay(state, entry);
      } catch (error) {
        if (!isTurnkeepError(error)) throw error;
        return stop();
      }
      seq += 1;
      if (seq >= first) show(seq, state, entry);
    }
    this.#remember(gameId, seq, state);
    return { items, next: last < total ? String(last) : null, total, complete: true };
  }

  #begin(gameId: string, seq: number, initialState: State): { seq: number; state: State } {
    const state = this.#states.get(`${gameId} ${seq}`);
    return state === undefined ? { seq: 0, state: initialState } : { seq, state };
  }

  #remember(gameId: string, seq: number, state: State): void {
    const key = `${gameId} ${seq}`;
    this.#states.delete(key);
    this.#states.set(key, state);
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= rememberedStates) break;
      this.#states.delete(oldest);
    }
  }
}

const nothingLogged = { turn: null, playerId: null, action: null, records: [] } as const;
