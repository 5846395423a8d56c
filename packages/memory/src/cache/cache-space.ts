import { type GameId, type Runtime, systemRuntime } from "@turnkeep/core";
import { type Change, type Deployment, keepsAnotherDeployment } from "@turnkeep/core/ports";
import type { PendingLoad, StoredCopy } from "./stored-copy.js";

export interface CacheSpaceOptions {
  /** Its wall clock is the space's clock; it gives the epochs' ids too. @default systemRuntime */
  readonly runtime?: Runtime | undefined;
}

/** One listener of a game's changes. */
export interface Listener {
  readonly onChange: (change: Change) => void;
  readonly onGap: () => void;
}

/** What a space held at one moment. */
export interface CacheSnapshot {
  readonly copies: ReadonlyMap<GameId, StoredCopy>;
  readonly loads: ReadonlyMap<GameId, PendingLoad>;
  readonly dueAt: ReadonlyMap<GameId, number>;
  readonly owner: Deployment | null;
}

/**
 * What several memory caches share, as processes share one Redis: copies, pending loads, the dirty index, channels and
 * a clock. Tests do to it what happens to servers. Every operation of a cache works on it in one synchronous step, so
 * nothing ever sees half of one.
 */
export class CacheSpace {
  readonly dueAt = new Map<GameId, number>();
  readonly #copies = new Map<GameId, StoredCopy>();
  readonly #loads = new Map<GameId, PendingLoad>();
  readonly #listeners = new Map<GameId, Set<Listener>>();
  readonly #runtime: Runtime;
  #epoch: string;
  #losses = 0;
  #owner: Deployment | null = null;

  constructor({ runtime = systemRuntime }: CacheSpaceOptions = {}) {
    this.#runtime = runtime;
    this.#epoch = runtime.randomId();
  }

  /** Names the history that this space serves; a copy with another epoch is unverified. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Names what this space holds: another text after a failover, a rewind or a loss. */
  get identity(): string {
    return `${this.#epoch}.${this.#losses}`;
  }

  /** The first deployment to come owns what is held, and after a loss the next. @throws Misconfigured for another one */
  assertOwnedBy(deployment: Deployment): void {
    this.#owner ??= deployment;
    if (this.#owner !== deployment) throw keepsAnotherDeployment(this.#owner, deployment);
  }

  now(): number {
    return Math.floor(this.#runtime.wallClockMs());
  }

  copy(gameId: GameId): StoredCopy | undefined {
    const copy = this.#copies.get(gameId);
    if (copy === undefined || copy.expiresAt === null || copy.expiresAt > this.now()) return copy;
    this.forget(gameId);
    return undefined;
  }

  put(copy: StoredCopy): void {
    this.#copies.set(copy.gameId, copy);
  }

  /** Copy, tail and pending load go together. The mark stays: a claim of it finds nothing and takes it away. */
  forget(gameId: GameId): void {
    this.#copies.delete(gameId);
    this.#loads.delete(gameId);
  }

  load(gameId: GameId): PendingLoad | undefined {
    const load = this.#loads.get(gameId);
    if (load === undefined || load.expiresAt === null || load.expiresAt > this.now()) return load;
    this.#loads.delete(gameId);
    return undefined;
  }

  beginLoad(gameId: GameId, load: PendingLoad): void {
    this.#loads.set(gameId, load);
  }

  endLoad(gameId: GameId): void {
    this.#loads.delete(gameId);
  }

  /** Due by then, unless it is due earlier already. */
  mark(gameId: GameId, dueAt: number): void {
    const before = this.dueAt.get(gameId);
    if (before === undefined || dueAt < before) this.dueAt.set(gameId, dueAt);
  }

  gameIds(): readonly GameId[] {
    return [...this.#copies.keys()].filter((gameId) => this.copy(gameId) !== undefined).sort();
  }

  listen(gameId: GameId, listener: Listener): () => void {
    const listeners = this.#listeners.get(gameId) ?? new Set();
    this.#listeners.set(gameId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(gameId) === listeners) this.#listeners.delete(gameId);
    };
  }

  /** Listeners hear of it after the operation has returned, in the order of the changes. */
  publish(gameId: GameId, change: Change): void {
    const listeners = this.#listeners.get(gameId);
    if (listeners === undefined) return;
    queueMicrotask(() => {
      for (const listener of [...listeners]) listener.onChange(change);
    });
  }

  /** Another server takes over with all that this one held: every copy is unverified, and listeners have a gap. */
  failover(): void {
    this.#epoch = this.#runtime.randomId();
    queueMicrotask(() => {
      for (const listeners of [...this.#listeners.values()]) for (const { onGap } of [...listeners]) onGap();
    });
  }

  /** Comes back empty. */
  loseEverything(): void {
    this.flushAll();
    this.failover();
  }

  /** Loses all that it holds, by FLUSHALL: its epoch stays, and no listener has a gap. */
  flushAll(): void {
    this.#losses += 1;
    this.#hold({ copies: new Map(), loads: new Map(), dueAt: new Map(), owner: null });
  }

  snapshot(): CacheSnapshot {
    return {
      copies: new Map(this.#copies),
      loads: new Map(this.#loads),
      dueAt: new Map(this.dueAt),
      owner: this.#owner,
    };
  }

  /** Comes back with what it held then, as a server does that restores an old backup. */
  rewindTo(snapshot: CacheSnapshot): void {
    this.#hold(snapshot);
    this.failover();
  }

  #hold(snapshot: CacheSnapshot): void {
    replace(this.#copies, snapshot.copies);
    replace(this.#loads, snapshot.loads);
    replace(this.dueAt, snapshot.dueAt);
    this.#owner = snapshot.owner;
  }

  /** One copy alone is of another history now. */
  makeUnverified(gameId: GameId): void {
    const copy = this.copy(gameId);
    if (copy !== undefined) this.put({ ...copy, epoch: this.#runtime.randomId() });
  }

  /** How long the copy stays: ms, `null` for a dirty one, `undefined` where there is none. */
  lifetimeMs(gameId: GameId): number | null | undefined {
    const copy = this.copy(gameId);
    if (copy === undefined) return undefined;
    return copy.expiresAt === null ? null : copy.expiresAt - this.now();
  }
}

function replace<V>(map: Map<GameId, V>, by: ReadonlyMap<GameId, V>): void {
  map.clear();
  for (const [gameId, value] of by) map.set(gameId, value);
}

/** Something for several memory caches to share. */
export function createCacheSpace(options?: CacheSpaceOptions): CacheSpace {
  return new CacheSpace(options);
}
