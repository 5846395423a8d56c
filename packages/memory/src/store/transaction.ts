import { TurnkeepError } from "@turnkeep/core";

/** Makes what a transaction changed in one table visible to all. */
type Commit = () => void;

/**
 * A transaction of a memory store: what it changes is seen by itself alone until it commits, and the rows that it
 * locked are its own until it ends. Made by `store.transaction`.
 */
export class MemoryTransaction {
  /** The lock that it waits for, if any: who follows this from holder to holder finds a deadlock. */
  waitsFor: string | null = null;
  readonly #commits = new Map<object, Commit>();
  readonly #releases: (() => void)[] = [];
  readonly #hooks: (() => Promise<void>)[] = [];
  #isOpen = true;

  /** @throws InvalidInput once it has ended */
  assertOpen(): void {
    if (this.#isOpen) return;
    throw new TurnkeepError("InvalidInput", "the transaction has ended", { issues: ["transaction"] });
  }

  /** Registers, once for each owner, what makes its changes visible. */
  onCommit(owner: object, commit: Commit): void {
    this.#commits.set(owner, commit);
  }

  onEnd(release: () => void): void {
    this.#releases.push(release);
  }

  afterCommit(hook: () => Promise<void>): void {
    this.assertOpen();
    this.#hooks.push(hook);
  }

  /** Makes all changes visible in one step, frees the rows, then runs the hooks one after the other. */
  async commit(): Promise<void> {
    this.assertOpen();
    for (const commit of this.#commits.values()) commit();
    this.#end();
    for (const hook of this.#hooks) await hook();
  }

  rollback(): void {
    this.assertOpen();
    this.#end();
  }

  #end(): void {
    this.#isOpen = false;
    for (const release of this.#releases) release();
  }
}
