import type { GamesByRules, Version } from "@turnkeep/core";

/** What metrics and others listen to. Events carry ids, versions and counts, never states. */
export interface ManagerEventMap {
  "state:hit": [{ gameId: string; from: "process" | "cache" }];
  "state:miss": [{ gameId: string }];
  "state:created": [{ gameId: string; version: Version }];
  /** A write that left its game live, once its level was reached. */
  "state:updated": [{ gameId: string; version: Version; durability: "writeBehind" | "durable" }];
  "state:conflict": [{ gameId: string }];
  /** The game is sealed with this version; its archive follows. */
  "state:ended": [{ gameId: string; version: Version }];
  "state:archived": [{ gameId: string }];
  "state:deleted": [{ gameId: string }];
  "state:expired": [{ gameId: string }];
  "state:quarantined": [{ gameId: string; reason: string }];
  /** This process cannot read the game's document; nothing was changed, and another process may well be able to. */
  "state:unreadable": [{ gameId: string; error: Error }];
  /** At start: games that this process's definition does not play; their writes throw UnsupportedRules. */
  "rules:unsupported": [{ unplayed: readonly GamesByRules[] }];
  "flush:done": [{ written: number; contained: number; failed: number; tookMs: number }];
  /** Games wait for the store for longer than twice the lag: once, until they do no more. */
  "flush:late": [{ oldestOverdueMs: number }];
  "flush:failed": [{ error: Error }];
  /** A cached game has no row in the store: once for each, when this process meets it first. */
  "flush:orphan": [{ gameId: string }];
  /** Entries of the game's log are lost; its state is not. */
  "flush:gap": [{ gameId: string }];
  "flush:fork": [{ gameId: string }];
  /** A game whose time was over was written here, so late by the service clock. */
  "deadline:enforced": [{ gameId: string; lateMs: number }];
  "recovery:progress": [{ done: number; total: number }];
  "recovery:done": [{ recovered: number; alreadyThere: number; failed: number; total: number }];
  /**
   * Every second or so from a running flusher: what waits for the store, of all processes, and how late it is; and of how
   * many orphans this process knows.
   */
  "flush:backlog": [{ games: number; oldestOverdueMs: number; orphans: number }];
  /** A call failed since this side could not do it. */
  "cache:unavailable": [{ error: Error }];
  "store:unavailable": [{ error: Error }];
  /** Its calls fail at once from now on; `back` follows once one that tries it again gets through. */
  "cache:away": [{ error: Error }];
  "cache:back": [Record<never, never>];
  "store:away": [{ error: Error }];
  "store:back": [Record<never, never>];
}

/** A pino-shaped logger; states and secrets are never passed to it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The part of Node's EventEmitter that listeners need. A listener that throws never breaks a call. */
export interface ManagerEvents {
  on<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this;
  off<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this;
}

/** Calls listeners at once, in the order in which they came. A listener that throws is logged and breaks nothing. */
export class Emitter implements ManagerEvents {
  readonly #listeners = new Map<keyof ManagerEventMap, Set<unknown>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  on<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this {
    const listeners = this.#listeners.get(event);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(event, new Set([listener]));
    return this;
  }

  off<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  emit<E extends keyof ManagerEventMap>(event: E, ...args: ManagerEventMap[E]): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) {
      try {
        (listener as (...args: ManagerEventMap[E]) => void)(...args);
      } catch (error) {
        this.#log.error({ event, err: error }, "a listener threw");
      }
    }
  }
}
