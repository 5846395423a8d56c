import { compareVersions, type JsonValue, type Version } from "@turnkeep/core";
import { KeptText, type Store, type StoreCallOptions } from "@turnkeep/core/ports";
import { LRUCache } from "lru-cache";

/** This process's local copy of a game; the state is deeply frozen. */
export interface LocalCopy<State> {
  readonly state: State;
  readonly version: Version;
  readonly status: "live" | "ended";
  /** The version of the rules that the game began under. */
  readonly rulesVersion: number;
  /** Frozen; `null` if there never was any. */
  readonly metadata: JsonValue | null;
  readonly metadataVersion: string;
  /** The version that the store's row had when this process loaded exactly this content from it. */
  readonly rowVersion?: Version | undefined;
  /** Whether this process's schema has passed this state. What came from the cache was checked by others, if at all. */
  readonly passed?: boolean | undefined;
}

/**
 * A state that was parsed takes so many bytes of memory for each byte of its text: 1.6 of card games of 4 to 20 KB, 1.9 of
 * one of 80 KB. What an index of copies needs for each comes on top.
 */
const memoryOfText = 1.65;
const memoryOfEntry = 500;
/** So many bytes of memory for each byte of a kept text: its own, and of parts that are in the state no more. */
const memoryOfKeptText = 1.5;
/** Of the bound, for kept texts: only the games that are written most gain by theirs. */
const shareOfTexts = 1 / 8;

/**
 * So many entries of an LRUCache, by sizes of 1: with `max` the library takes the memory of all entries at the start,
 * which took 30 ms.
 */
export const atMost = (entries: number) => ({ maxSize: entries, sizeCalculation: () => 1 });

/** Versions are small; so many are remembered after their states had to go. */
const rememberedVersions = 100_000;

/**
 * The games that this process read or wrote last, bounded by the memory that they take. A copy is a guess at what the
 * cache holds: every write compares its version, so a copy that is behind costs a conflict and nothing else.
 */
export class LocalCopies<State extends object> {
  readonly #games: LRUCache<string, LocalCopy<State>> | null;
  readonly #texts: LRUCache<string, KeptText> | null;
  readonly #versions = new LRUCache<string, Version>(atMost(rememberedVersions));

  /** @param reusesTexts false where states may be changed in place: then each text is made anew */
  constructor(maxBytes: number, reusesTexts = true) {
    const textBytes = reusesTexts ? Math.floor(maxBytes * shareOfTexts) : 0;
    this.#games = maxBytes === 0 ? null : new LRUCache({ maxSize: maxBytes - textBytes });
    this.#texts = textBytes === 0 ? null : new LRUCache({ maxSize: textBytes });
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
   * @param bytes the length of its text
   * @param known the version that was known when the cache was asked: its answer replaces that one, whatever it is. A
   * store that came back from a backup, with a clock set back, gives games a lower version than they had
   */
  put(gameId: string, game: LocalCopy<State>, bytes: number, known?: Version): void {
    const held = this.#versions.get(gameId);
    if (held !== undefined && held !== known && compareVersions(held, game.version) > 0) return;
    this.#versions.set(gameId, game.version);
    this.#games?.set(gameId, game, { size: Math.ceil(bytes * memoryOfText) + memoryOfEntry });
  }

  /** The text of a game's next state, or its bytes, which nobody may change: of what is the same as before, copied. */
  encode(gameId: string, state: State, before: State): string | Uint8Array {
    if (this.#texts === null) return JSON.stringify(state);
    const kept = this.#texts.get(gameId) ?? new KeptText();
    const text = kept.encode(state, before);
    const size = Math.ceil(text.length * memoryOfKeptText);
    if (text.length >= KeptText.leastBytes) this.#texts.set(gameId, kept, { size });
    return text;
  }

  /** Remembers a version that was read without keeping the state, unless a newer one is known. */
  note(gameId: string, version: Version): void {
    const held = this.#versions.get(gameId);
    if (held === undefined || compareVersions(held, version) < 0) this.#versions.set(gameId, version);
  }

  /** Drops the copy; the version stays known. */
  drop(gameId: string): void {
    this.#games?.delete(gameId);
    this.#texts?.delete(gameId);
  }

  /** Drops copy and version of a game that is no longer there. */
  forget(gameId: string): void {
    this.drop(gameId);
    this.#versions.delete(gameId);
  }
}

/**
 * What callers' open transactions did to games through this manager. Such a row is locked by the outermost transaction,
 * so whatever else that or a savepoint in it does with the game must go to the row and never wait for a load or a
 * flush. Forgotten with the transaction itself.
 */
export class TransactionChanges {
  readonly #store: Pick<Store, "read" | "rootOf">;
  readonly #changes = new WeakMap<object, Map<string, Set<Version | "gone">>>();

  constructor(store: Pick<Store, "read" | "rootOf">) {
    this.#store = store;
  }

  /** @param change the version that the transaction gave the game, or `gone` if it removed or archived it */
  note(transaction: unknown, gameId: string, change: Version | "gone"): void {
    const root = this.#store.rootOf(transaction);
    const games = this.#changes.get(root) ?? new Map<string, Set<Version | "gone">>();
    this.#changes.set(root, games.set(gameId, (games.get(gameId) ?? new Set()).add(change)));
  }

  /** What the transaction last made of the game, unless it did nothing or a savepoint was rolled back with it. */
  async find(
    gameId: string,
    { transaction, signal }: StoreCallOptions<unknown>,
  ): Promise<Version | "gone" | undefined> {
    if (!transaction) return undefined;
    const changes = this.#changes.get(this.#store.rootOf(transaction))?.get(gameId);
    if (changes === undefined) return undefined;
    const row = await this.#store.read(gameId, { transaction, signal });
    const now = row.kind === "row" ? row.game.version : "gone";
    return changes.has(now) ? now : undefined;
  }
}
