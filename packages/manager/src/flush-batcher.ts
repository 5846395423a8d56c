import { isTurnkeepError } from "@turnkeep/game-state/core";
import type { FlushItem, FlushOutcome, Store } from "@turnkeep/game-state/ports";

interface Waiting {
  readonly item: FlushItem;
  readonly resolve: (outcome: FlushOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while one flush is on its way to the store, the items that come gather for the next one, so that many
 * durable writes share one commit.
 */
export class FlushBatcher {
  readonly #store: Pick<Store, "flush">;
  readonly #maxItems: number;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(store: Pick<Store, "flush">, maxItems: number) {
    this.#store = store;
    this.#maxItems = maxItems;
  }

  /** The outcome for this item. @throws what the store's flush throws */
  flush(item: FlushItem): Promise<FlushOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      // What is asked for in the same breath shares the first batch already.
      queueMicrotask(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#flush(this.#next());
    this.#busy = false;
  }

  /** A batch that the store refuses is tried again one by one, so that one bad item spoils nothing for the others. */
  async #flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#store.flush(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error("the store left out an outcome"));
        else resolve(outcome);
      }
    } catch (error) {
      if (batch.length === 1 || isTurnkeepError(error, "StoreUnavailable")) {
        for (const { reject } of batch) reject(error);
      } else for (const waiting of batch) await this.#flush([waiting]);
    }
  }

  /** One item a game, in the order in which they came; a second one of the same game waits for the next batch. */
  #next(): Waiting[] {
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    const games = new Set<string>();
    for (const waiting of this.#waiting) {
      if (batch.length >= this.#maxItems || games.has(waiting.item.gameId)) later.push(waiting);
      else {
        games.add(waiting.item.gameId);
        batch.push(waiting);
      }
    }
    this.#waiting = later;
    return batch;
  }
}
