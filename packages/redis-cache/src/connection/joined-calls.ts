import type { Reply } from "./run-script.js";

/** One call for these items, which answers in their order. */
type Send<Item> = (items: readonly Item[], signal?: AbortSignal) => Promise<Reply>;

interface Joining<Item> {
  readonly item: Item;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that are made in the same breath share one script, a round trip and its failure; on a Cluster, those of one slot. */
export class JoinedCalls<Item> {
  readonly #most: number;
  readonly #joining = new Map<string, Joining<Item>[]>();

  /** @param most items in one call */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The reply for this item.
   * @param index names the part of the keys that a call may touch
   * @param send the same for all
   * @param signal a call that can be aborted goes alone
   * @throws as `send`
   */
  async join(index: string, item: Item, send: Send<Item>, signal?: AbortSignal): Promise<unknown> {
    if (signal !== undefined) return (await send([item], signal))[0];
    return new Promise((resolve, reject) => {
      const joining = this.#joining.get(index) ?? [];
      joining.push({ item, resolve, reject });
      if (joining.length > 1) return;
      this.#joining.set(index, joining);
      queueMicrotask(() => {
        this.#joining.delete(index);
        while (joining.length > 0) void this.#call(joining.splice(0, this.#most), send);
      });
    });
  }

  async #call(calls: readonly Joining<Item>[], send: Send<Item>): Promise<void> {
    try {
      const replies = await send(calls.map(({ item }) => item));
      for (const [n, { resolve }] of calls.entries()) resolve(replies[n]);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}
