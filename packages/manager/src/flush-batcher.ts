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
      if (!this.#busy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        const outcomes = await this.#store.flush(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[index];
          if (outcome === undefined) reject(new Error("the store left out an outcome"));
          else resolve(outcome);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#busy = false;
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
