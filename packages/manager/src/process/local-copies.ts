import { compareVersions, type Version } from "@turnkeep/core";
import { LRUCache } from "lru-cache";

/** This process's local copy of a game; the state is deeply frozen. */
export interface LocalCopy<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** The version that the store's row had when this process loaded exactly this content from it. */
  readonly rowVersion?: Version | undefined;
}

/** Versions are small; so many are remembered after their states had to go. */
const rememberedVersions = 100_000;

/**
 * The games that this process read or wrote last, bounded by the bytes of their text. A copy is a guess at what the
 * cache holds: every write compares its version, so a copy that is behind costs a conflict and nothing else.
 */
export class LocalCopies<State extends object> {
  readonly #games: LRUCache<string, LocalCopy<State>> | null;
  readonly #versions = new LRUCache<string, Version>({ max: rememberedVersions });

  constructor(maxBytes: number) {
    this.#games = maxBytes === 0 ? null : new LRUCache({ maxSize: maxBytes });
  }

  get(gameId: string): LocalCopy<State> | undefined {
    return this.#games?.get(gameId);
  }

  /** The version that this process last read or wrote. */
  versionOf(gameId: string): Version | undefined {
    return this.#versions.get(gameId);
  }

  /**
   * Keeps the copy unless a newer one is held: an answer that was slow never replaces what came after it.
   * @param known the version that was known when the cache was asked: its answer replaces that one, whatever it is. A
   * store that came back from a backup, with a clock set back, gives games a lower version than they had
   */
  put(gameId: string, game: LocalCopy<State>, bytes: number, known?: Version): void {
    const held = this.#versions.get(gameId);
    if (held !== undefined && held !== known && compareVersions(held, game.version) > 0) return;
    this.#versions.set(gameId, game.version);
    this.#games?.set(gameId, game, { size: Math.max(1, bytes) });
  }

  /** Remembers a version that was read without keeping the state, unless a newer one is known. */
  note(gameId: string, version: Version): void {
    const held = this.#versions.get(gameId);
    if (held === undefined || compareVersions(held, version) < 0) this.#versions.set(gameId, version);
  }

  /** Drops the copy; the version stays known. */
  drop(gameId: string): void {
    this.#games?.delete(gameId);
  }

  /** Drops copy and version of a game that is no longer there. */
  forget(gameId: string): void {
    this.#games?.delete(gameId);
    this.#versions.delete(gameId);
  }
}

/**
 * What callers' open transactions wrote through this manager. Such a row is locked by its transaction, so whatever
 * else that does with the game must go to the row and never wait for a load. Forgotten with the transaction itself.
 */
export class TransactionWrites {
  readonly #writes = new WeakMap<object, Map<string, Version>>();

  /** The version that this transaction gave the game, if it wrote it. */
  versionIn(transaction: unknown, gameId: string): Version | undefined {
    return typeof transaction === "object" && transaction !== null
      ? this.#writes.get(transaction)?.get(gameId)
      : undefined;
  }

  wrote(transaction: unknown, gameId: string, version: Version): void {
    if (typeof transaction !== "object" || transaction === null) return;
    const games = this.#writes.get(transaction);
    if (games === undefined) this.#writes.set(transaction, new Map([[gameId, version]]));
    else games.set(gameId, version);
  }
}
