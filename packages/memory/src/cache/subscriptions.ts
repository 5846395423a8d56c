import type { GameId } from "@turnkeep/core";
import type { Unsubscribe } from "@turnkeep/core/ports";
import type { CacheSpace, Listener } from "./cache-space.js";

/** The subscriptions of one cache, which end with it. After its end a subscription hears nothing more. */
export class Subscriptions {
  readonly #space: CacheSpace;
  readonly #all = new Set<Unsubscribe>();

  constructor(space: CacheSpace) {
    this.#space = space;
  }

  subscribe(gameId: GameId, { onChange, onGap }: Listener): Unsubscribe {
    // A change may be on its way when the subscription ends.
    let listening = true;
    const unlisten = this.#space.listen(gameId, {
      onChange: (change) => listening && onChange(change),
      onGap: () => listening && onGap(),
    });
    const unsubscribe = () => {
      listening = false;
      unlisten();
      this.#all.delete(unsubscribe);
    };
    this.#all.add(unsubscribe);
    return unsubscribe;
  }

  close(): void {
    for (const unsubscribe of this.#all) unsubscribe();
  }
}
