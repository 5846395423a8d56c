import { isTurnkeepError, pauseAfter, type Runtime, type TurnkeepError } from "@turnkeep/core";
import { copyBytes, type FlushItem, type FlushOutcome, type FlushReply, type Store } from "@turnkeep/core/ports";
import { LRUCache } from "lru-cache";
import { gameLocked } from "../errors.js";

/** What became of one copy; `refused`: the store cannot keep what this one holds, or so it says of each one alone. */
export type BatchOutcome =
  | FlushOutcome
  | { readonly gameId: string; readonly kind: "refused"; readonly reason: string };

export interface BatchLimits {
  /** Games in one batch, at most. */
  readonly games: number;
  /** A batch that takes longer than this makes the next ones smaller. */
  readonly withinMs: number;
  /** Bytes of states and log entries in one batch; one game that is larger goes alone. */
  readonly bytes: number;
  /** Batches on their way to the store at once. */
  readonly inFlight: number;
}

interface Waiting {
  readonly item: FlushItem;
  readonly bytes: number;
  /** Until when it may be tried again if its row is locked, by the process's monotonic clock. */
  readonly patientUntil: number;
  /** How often in a row its row was locked. */
  readonly locked: number;
  readonly resolve: (outcome: BatchOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a flush without a caller waits for a locked row: long enough for a load elsewhere to end. */
const brieflyMs = 100;
/** Between two tries of a game whose row is locked. */
const lockPauses = { firstMs: 20, longestMs: 250 };
/** A slow store gets no smaller batches than this, since a part of the time is the same for any batch. */
const fewestGames = 16;
/** For so long a game that was too slow for its batch goes alone. */
const aloneForMs = 30_000;
/** So many in a row that are slow on their own: then the store is, and the others need not try. */
const slowInARow = 4;

/**
 * Group commit: while flushes are on their way to the store, the items that come gather for the next one, so that many
 * durable writes share one commit. A game is in one batch at a time.
 *
 * No batch waits for a row that another transaction holds: its game leaves the batch, and is tried again after a pause,
 * as long as its caller is patient. The error of a batch decides what follows. The store cannot keep something in it:
 * it is halved until what is refused stands alone. It was too slow, for its own time limit or a deadlock: its games are
 * tried one by one, beside the batches, so that no other game waits for them; a slow game is never refused. The store
 * is away: all fail.
 */
export class Batcher {
  readonly #runtime: Pick<Runtime, "monotonicMs" | "random" | "schedule">;
  readonly #store: Pick<Store, "flush">;
  readonly #limits: BatchLimits;
  readonly #flushing = new Set<string>();
  /** Games that go alone, and until when. */
  readonly #slowUntil = new LRUCache<string, number>({ max: 1_000 });
  /** Games in one batch, at the pace that the store has now. */
  #games: number;
  #waiting: Waiting[] = [];
  #alone: Waiting[] = [];
  #batches = 0;
  #goesAlone = false;
  #slowInARow = 0;
  #called = false;

  constructor(
    runtime: Pick<Runtime, "monotonicMs" | "random" | "schedule">,
    store: Pick<Store, "flush">,
    limits: BatchLimits,
  ) {
    this.#runtime = runtime;
    this.#store = store;
    this.#limits = limits;
    this.#games = limits.games;
  }

  /** How many games are best flushed at once, at the pace that the store has now. */
  get games(): number {
    return this.#games;
  }

  /**
   * The outcome for this item.
   * @param patienceMs how long to wait for another transaction that holds its row; default: briefly
   * @throws StoreUnavailable (`notDone`, `busy`) if that still holds it then; what the store's flush throws, but for what
   * it says of the item itself
   */
  flush(item: FlushItem, patienceMs = brieflyMs): Promise<BatchOutcome> {
    return new Promise((resolve, reject) => {
      const patientUntil = this.#runtime.monotonicMs() + patienceMs;
      this.#enqueue({ item, bytes: copyBytes(item), patientUntil, locked: 0, resolve, reject });
    });
  }

  #enqueue(waiting: Waiting): void {
    if (this.#isSlow(waiting.item.gameId)) this.#alone.push(waiting);
    else this.#waiting.push(waiting);
    if (this.#called) return;
    this.#called = true;
    // What is asked for in the same breath shares the first batch already.
    queueMicrotask(() => {
      this.#called = false;
      this.#go();
    });
  }

  #answer(waiting: Waiting, outcome: FlushReply | undefined): void {
    if (outcome === undefined) waiting.reject(new Error("the store left out an outcome"));
    else if (outcome.kind !== "locked") waiting.resolve(outcome);
    else this.#tryLater({ ...waiting, locked: waiting.locked + 1 });
  }

  #tryLater(waiting: Waiting): void {
    const pauseMs = pauseAfter(waiting.locked, lockPauses, this.#runtime);
    if (this.#runtime.monotonicMs() + pauseMs > waiting.patientUntil) waiting.reject(gameLocked(waiting.item.gameId));
    else this.#runtime.schedule(() => this.#enqueue(waiting), pauseMs);
  }

  #isSlow(gameId: string): boolean {
    return (this.#slowUntil.get(gameId) ?? 0) > this.#runtime.monotonicMs();
  }

  #go(): void {
    if (!this.#goesAlone && this.#alone.length > 0) void this.#flushAlone();
    while (this.#batches < this.#limits.inFlight) {
      const batch = this.#next();
      if (batch.length === 0) return;
      void this.#flush(batch);
    }
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    this.#batches += 1;
    for (const { item } of batch) this.#flushing.add(item.gameId);
    const began = this.#runtime.monotonicMs();
    const refused = await this.#send(batch);
    this.#pace(batch.length, this.#runtime.monotonicMs() - began);
    for (const { waiting, error } of refused) applyRefusal(waiting, error);
    for (const { item } of batch) this.#flushing.delete(item.gameId);
    this.#batches -= 1;
    this.#go();
  }

  #pace(games: number, tookMs: number): void {
    const { games: most, withinMs } = this.#limits;
    if (tookMs > withinMs) this.#games = Math.min(most, Math.max(fewestGames, Math.ceil(this.#games / 2)));
    else if (games >= this.#games) this.#games = Math.min(most, 2 * this.#games);
  }

  /** Answers all but those that were refused when they stood alone. */
  async #send(batch: readonly Waiting[]): Promise<Refusal[]> {
    try {
      const items = batch.map(({ item }) => item);
      const outcomes = await this.#store.flush(items, { skipLocked: true });
      for (const [index, waiting] of batch.entries()) this.#answer(waiting, outcomes[index]);
      return [];
    } catch (error) {
      return this.#handleFailure(batch, error);
    }
  }

  async #handleFailure(batch: readonly Waiting[], error: unknown): Promise<Refusal[]> {
    const [first] = batch;
    if (isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "NotRunning")) {
      const slow = isTurnkeepError(error, "StoreUnavailable") && error.details.reason === "busy";
      if (slow && batch.length > 1) this.#alone.push(...batch);
      else {
        for (const { item, reject } of batch) {
          if (slow) this.#slowUntil.set(item.gameId, this.#runtime.monotonicMs() + aloneForMs);
          reject(error);
        }
      }
      return [];
    }
    if (batch.length === 1 && first !== undefined) return [{ waiting: first, error }];
    const half = Math.ceil(batch.length / 2);
    return [...(await this.#send(batch.slice(0, half))), ...(await this.#send(batch.slice(half)))];
  }

  /** One by one, beside the batches. */
  async #flushAlone(): Promise<void> {
    this.#goesAlone = true;
    for (let next = this.#alone.shift(); next !== undefined; next = this.#alone.shift()) {
      const { item } = next;
      try {
        const [outcome] = await this.#store.flush([item], { skipLocked: true });
        this.#slowInARow = 0;
        this.#slowUntil.delete(item.gameId);
        this.#answer(next, outcome);
      } catch (error) {
        for (const refusal of await this.#handleFailure([next], error)) applyRefusal(refusal.waiting, refusal.error);
        if (isTurnkeepError(error, "StoreUnavailable")) this.#giveUpWhereAllAreSlow(error);
      }
    }
    this.#goesAlone = false;
  }

  #giveUpWhereAllAreSlow(error: TurnkeepError<"StoreUnavailable">): void {
    this.#slowInARow += 1;
    if (error.details.reason === "busy" && this.#slowInARow < slowInARow) return;
    this.#slowInARow = 0;
    for (const { reject } of this.#alone.splice(0)) reject(error);
  }

  /** In the order in which they came; what does not fit, or is of a game under way, waits for a later batch. */
  #next(): Waiting[] {
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    const games = new Set(this.#flushing);
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const { gameId } = waiting.item;
      const fits = batch.length < this.#games && bytes + waiting.bytes <= this.#limits.bytes;
      if (games.has(gameId) || (batch.length > 0 && !fits)) {
        later.push(waiting);
        continue;
      }
      games.add(gameId);
      batch.push(waiting);
      bytes += waiting.bytes;
    }
    this.#waiting = later;
    return batch;
  }
}

interface Refusal {
  readonly waiting: Waiting;
  readonly error: unknown;
}

/** What is unsound about a game's own data is an outcome; a bug stays an error. */
function applyRefusal({ item, resolve, reject }: Waiting, error: unknown): void {
  if (!isTurnkeepError(error, "InvalidInput") && !isTurnkeepError(error, "InvalidState")) reject(error);
  else {
    const [issue = error.message] = isTurnkeepError(error, "InvalidInput") ? error.details.issues : [];
    resolve({ gameId: item.gameId, kind: "refused", reason: issue });
  }
}
