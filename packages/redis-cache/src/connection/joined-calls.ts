interface Joining<Item, Reply> {
  readonly item: Item;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that are made in the same breath share one script, a round trip and its failure; on a Cluster, those of one slot. */
export class JoinedCalls<Item, Reply> {
  readonly #send: (items: readonly Item[]) => Promise<readonly Reply[]>;
  readonly #most: number;
  readonly #joining = new Map<string, Joining<Item, Reply>[]>();

  /**
   * @param send one call; its replies come in the order of the items
   * @param most items that it takes
   */
  constructor(send: (items: readonly Item[]) => Promise<readonly Reply[]>, most: number) {
    this.#send = send;
    this.#most = most;
  }

  /** The reply for this item. @param index names the part of the keys that a call may touch @throws as `send` */
  join(index: string, item: Item): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const joining = this.#joining.get(index) ?? [];
      joining.push({ item, resolve, reject });
      if (joining.length > 1) return;
      this.#joining.set(index, joining);
      queueMicrotask(() => {
        this.#joining.delete(index);
        while (joining.length > 0) void this.#call(joining.splice(0, this.#most));
      });
    });
  }

  async #call(calls: readonly Joining<Item, Reply>[]): Promise<void> {
    try {
      const replies = await this.#send(calls.map(({ item }) => item));
      for (const [n, { resolve }] of calls.entries()) resolve(replies[n] as Reply);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }
}
