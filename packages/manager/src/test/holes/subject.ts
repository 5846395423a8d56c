import type { Redis } from "ioredis";

/*
 * A hole is a way in which a simple design (blind SET, find-then-save, restore everything at boot) loses a move or
 * brings a game back to life. Each scenario runs on two subjects: the naive adapter, where the hole must show, and
 * Turnkeep, where it must not. Two servers each, over one real Redis and one real Postgres.
 */

/** A game small enough to read: moves in order, a turn number, and who won. */
export interface Moves {
  readonly schemaVersion: 1;
  readonly gameId: string;
  readonly turn: number;
  readonly moves: readonly string[];
  readonly rules: { readonly [name: string]: number };
}

export const newMoves = (gameId: string, moves: readonly string[] = []): Moves => ({
  schemaVersion: 1,
  gameId,
  turn: 1,
  moves,
  rules: { handLimit: 7 },
});

export const withMove = (state: Moves, move: string): Moves => ({ ...state, moves: [...state.moves, move] });

/** One game server, as its callers know it. */
export interface Server {
  create(state: Moves): Promise<void>;
  load(gameId: string): Promise<Moves | null>;
  /** One action within a turn. */
  act(gameId: string, move: string): Promise<void>;
  /** A durable save of a state that this server made from what it last loaded. */
  persist(state: Moves, facts?: { rulesConfig?: { readonly [name: string]: number } }): Promise<void>;
  end(gameId: string): Promise<void>;
  /** Archives inside a transaction that then rolls back. */
  archiveAndRollBack(gameId: string): Promise<void>;
  /** Archives with a state that the caller holds. */
  archive(gameId: string, state: Moves): Promise<void>;
  remove(gameId: string): Promise<void>;
  evict(gameId: string): Promise<void>;
  recover(): Promise<void>;
  count(): Promise<number>;
  /** What a flusher or a daemon does with what others left behind. */
  flushLeftovers(): Promise<void>;
}

/** What the store finally says of a finished game. */
export interface HistoryRow {
  readonly moves: readonly string[];
  readonly incomplete: boolean;
}

/** A step that a test can stop at. */
export type Step = "fillCache" | "clearCache" | "createRow" | "deleteRow";

export interface Gate {
  /** Resolves once the server stands at the step. */
  readonly reached: Promise<void>;
  release(): void;
}

export interface Subject {
  readonly servers: readonly [Server, Server];
  /** Stops the server at its next such step, before it is taken. */
  hold(server: 0 | 1, step: Step): Gate;
  /** A second connection to the same Redis. */
  readonly redis: Redis;
  stateKey(gameId: string): string;
  history(gameId: string): Promise<readonly HistoryRow[]>;
  storedRules(gameId: string): Promise<unknown>;
  /** Rows that the largest single reply of the store held since the start. */
  largestReply(): number;
  stop(): Promise<void>;
}

/** The scenario has shown the hole. */
export class HoleShown extends Error {}

/** Fails the scenario with what a player or an operator would have seen. */
export function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new HoleShown(otherwise);
}

export const sameMoves = (state: Moves | HistoryRow | null | undefined, ...moves: string[]): boolean =>
  state?.moves.join() === moves.join();
