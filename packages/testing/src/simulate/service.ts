import type { RulesInForce } from "@turnkeep/manager";
import type { GameUnderTest } from "../game-under-test.js";
import { difference, kept, shown } from "../play/kept.js";
import { takeStep } from "../play/walk.js";
import { Attempts } from "./attempts.js";
import { ExpectedGame } from "./expected-game.js";
import type { World } from "./process.js";

/** Games that are played on servers which crash, each beside what has to become of it. */
export class Service<State extends object, View, Move> {
  readonly #world: World<State, View>;
  readonly #how: GameUnderTest<State, Move>;
  readonly #attempts: Attempts<State, View>;
  readonly #live = new Map<string, ExpectedGame<State, View, Move>>();
  readonly #over: ExpectedGame<State, View, Move>[] = [];
  #moves = 0;

  constructor(world: World<State, View>, how: GameUnderTest<State, Move>) {
    this.#world = world;
    this.#how = how;
    this.#attempts = new Attempts(world);
  }

  get #rules() {
    return { game: this.#world.game, how: this.#how };
  }

  get live(): readonly ExpectedGame<State, View, Move>[] {
    return [...this.#live.values()];
  }

  get crashes(): number {
    return this.#attempts.crashes;
  }

  set crashesDue(crashes: number) {
    this.#attempts.crashesDue = crashes;
  }

  counts() {
    const all = [...this.#live.values(), ...this.#over];
    const deadlines = all.reduce((sum, expected) => sum + expected.deadlines, 0);
    return { moves: this.#moves, deadlines, ended: this.#over.length };
  }

  start(): Promise<void> {
    return this.#attempts.start();
  }

  /** One more game. */
  async begin(): Promise<void> {
    const { game, runtime } = this.#world;
    const id = runtime.randomId();
    const expected = new ExpectedGame(this.#rules, { id, seed: this.#pick(2 ** 31) });
    const options = { gameType: game.gameTypes?.[0] ?? "test", writeId: runtime.randomId() };
    await this.#attempts.until((manager) => manager.createGame(kept(expected.first), options));
    this.#live.set(id, expected);
  }

  /** A legal move in one of the games, if there is one. */
  async move(): Promise<void> {
    const expected = this.live[this.#pick(this.#live.size)];
    if (expected === undefined) return;
    const legal = this.#how.legalMoves(expected.state);
    if (legal.length === 0) return;
    const move = legal[this.#pick(legal.length)] as Move;
    const [serviceMs, writeId] = [this.#attempts.serviceTime(), this.#world.runtime.randomId()];
    const play = (state: State, rules: RulesInForce) => this.#how.play(state, kept(move), serviceMs, rules);
    const step = (before: State) => takeStep(this.#rules, before, kept(move), serviceMs);
    let answer: { readonly state: unknown };
    try {
      answer = await this.#attempts.until((manager) => manager.update(expected.id, play, { writeId }));
    } catch (error) {
      // A deadline may have been enforced just before it, so that it is legal no more.
      const state = expected.wasDue ? await this.#read(expected.id) : null;
      if (state === null || difference(expected.state, state) === null) throw error;
      return this.#goOn(expected, "the state after a deadline", state);
    }
    this.#goOn(expected, `the answer to the move ${shown(move)}`, answer.state, step);
    this.#moves += 1;
  }

  /** A sweep as the daemon's. One that is killed is run again. */
  async enforceDeadlines(): Promise<void> {
    const { onDue } = this.#how;
    await this.#attempts.until((manager) =>
      manager.enforceDeadlines((state, serviceMs, rules) => {
        if (onDue === undefined) return state;
        this.#live.get(this.#world.game.idOf(state))?.askedAt(serviceMs);
        return onDue(state, serviceMs, rules);
      }),
    );
    for (const expected of this.live) {
      if (!expected.wasDue) continue;
      this.#goOn(expected, "the state after a deadline", await this.#read(expected.id));
    }
  }

  /** All servers and the whole cache are lost, and everything acknowledged is there. */
  async verify(): Promise<void> {
    this.#world.faulty = false;
    this.crashesDue = 0;
    await this.#attempts.restart();
    await this.#world.runtime.advance(10_000);
    await this.#attempts.until((manager) => manager.finishEndings());
    await this.#attempts.restart();
    this.#world.cacheSpace.loseEverything();
    for (const expected of this.live) {
      this.#goOn(expected, "the stored state", await this.#read(expected.id));
      const log = await this.#attempts.until((manager) => manager.getLog(expected.id));
      same(expected, "the log", log, expected.log);
    }
    for (const expected of this.#over) {
      const replay = await this.#attempts.until((manager) => manager.getReplayStates(expected.id));
      same(expected, "the first state in history", replay?.initialState, expected.first);
      same(expected, "the last state in history", replay?.finalState, expected.state);
      same(expected, "the log in history", replay?.log, expected.log);
      same(expected, "the result in history", replay?.record.outcome, this.#world.game.resultOf(expected.state));
    }
  }

  #goOn(
    expected: ExpectedGame<State, View, Move>,
    what: string,
    actual: unknown,
    step?: Parameters<typeof expected.goOn>[1],
  ): void {
    const found = expected.goOn(kept(actual), step);
    if (found !== null) throw wrong(expected, what, found);
    if (this.#world.game.resultOf(expected.state) === null) return;
    this.#live.delete(expected.id);
    this.#over.push(expected);
  }

  /** The state as it is in play, or as it ended. */
  async #read(id: string): Promise<State | null> {
    const loaded = await this.#attempts.until((manager) => manager.loadState(id));
    if (loaded !== null) return kept(loaded.state);
    const replay = await this.#attempts.until((manager) => manager.getReplayStates(id));
    return kept(replay?.finalState ?? null);
  }

  #pick(below: number): number {
    return Math.floor(this.#world.runtime.random() * below);
  }
}

function same(expected: { readonly seed: number }, what: string, actual: unknown, shouldBe: unknown): void {
  const found = difference(kept(shouldBe), kept(actual));
  if (found !== null) throw wrong(expected, what, found);
}

function wrong({ seed }: { readonly seed: number }, what: string, found: string): Error {
  return new Error(`in a game (newGame with seed ${seed}), ${what} is not what was acknowledged: ${found}`);
}
