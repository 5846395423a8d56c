import type { JsonValue } from "@turnkeep/core";
import { difference, kept } from "../play/kept.js";
import { deadline, type Made, type Players, takeStep } from "../play/walk.js";

type Rules<State extends object, View, Move> = Pick<Players<State, View, Move>, "game" | "how">;

/** A game as it has to be: what was acknowledged, and nothing else. */
export class ExpectedGame<State extends object, View, Move> {
  readonly id: string;
  /** What `newGame` was given. */
  readonly seed: number;
  readonly first: State;
  readonly #rules: Rules<State, View, Move>;
  #state: State;
  #log: readonly JsonValue[] = [];
  /** At which times a sweep asked what becomes of it: one of them may have been written, now or a little later. */
  #asked: number[] = [];
  deadlines = 0;

  constructor(rules: Rules<State, View, Move>, { id, seed }: { readonly id: string; readonly seed: number }) {
    this.#rules = rules;
    this.id = id;
    this.seed = seed;
    this.first = kept(rules.how.newGame(id, seed));
    this.#state = this.first;
  }

  get state(): State {
    return kept(this.#state);
  }

  get log(): readonly JsonValue[] {
    return this.#log;
  }

  askedAt(serviceMs: number): void {
    this.#asked.push(serviceMs);
  }

  /** Whether a sweep has asked since the last step. */
  get wasDue(): boolean {
    return this.#asked.length > 0;
  }

  /**
   * Goes on to what is there, by this step, and before it by a deadline that was enforced, if one was.
   * @returns what differs, in words; `null` if all is as it has to be
   */
  goOn(actual: unknown, step?: (state: State) => Made<State>): string | null {
    let differs: string | null = null;
    const asItIs: Made<State> = { state: this.#state, log: [] };
    const afterDeadlines = this.#asked.map((serviceMs) => takeStep(this.#rules, this.state, deadline, serviceMs));
    for (const begin of [asItIs, ...afterDeadlines]) {
      const made = step === undefined ? begin : after(begin, step);
      const found = made === null ? null : difference(kept(made.state), actual);
      if (made === null || found !== null) {
        differs ??= found;
        continue;
      }
      if (begin.state !== this.#state) this.deadlines += 1;
      if (step !== undefined || begin.state !== this.#state) this.#asked = [];
      this.#state = kept(made.state);
      this.#log = [...this.#log, ...kept(made.log)];
      return null;
    }
    return differs ?? "the move is not one that could be played";
  }
}

/** Both steps in one; `null` where the rules refuse the second. */
function after<State>(begin: Made<State>, step: (state: State) => Made<State>): Made<State> | null {
  try {
    const made = step(kept(begin.state));
    return { state: made.state, log: [...begin.log, ...made.log] };
  } catch {
    return null;
  }
}
