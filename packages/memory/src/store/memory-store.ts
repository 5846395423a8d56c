import { assertGameId, findWrite, type GameId, type Version, type WriteId } from "@turnkeep/core";
import type {
  ActiveGame,
  ActiveGameSummary,
  ArchiveReply,
  ArchiveRequest,
  CreateReply,
  EntryText,
  FlushItem,
  FlushOutcome,
  GameHistoryRecord,
  IdFilter,
  IdPage,
  IncompleteArchiveReply,
  IncompleteArchiveRequest,
  LoadReply,
  NewGame,
  OverwriteRequest,
  Page,
  PageRequest,
  Store,
  StoreCallOptions,
  StoredReplay,
  StoredStatus,
} from "@turnkeep/core/ports";
import { assertBatch, assertWhole } from "../check-input.js";
import { Lifecycle } from "../lifecycle.js";
import { archiveRow, archiveWithoutRow } from "./archive-row.js";
import { createRow, fenceRow, overwriteRow, purgeRows, quarantineRow, removeRow } from "./change-row.js";
import { flushRow } from "./flush-rows.js";
import { acquireLease, releaseLease } from "./leases.js";
import * as listings from "./listings.js";
import type { StoreSpace } from "./store-space.js";
import { isActive, toLoadReply } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

type Options = StoreCallOptions<MemoryTransaction>;

/**
 * The store port over a space. An operation that changes something locks its rows first, then works in one synchronous step,
 * in the caller's transaction or in one of its own.
 */
export class MemoryStore implements Store<MemoryTransaction> {
  readonly #lifecycle = new Lifecycle("store");

  /** @param space what this store shares with others */
  constructor(readonly space: StoreSpace) {}

  async start(): Promise<void> {
    this.#lifecycle.start();
  }

  async close(): Promise<void> {
    this.#lifecycle.close();
  }

  async ping(options?: { signal?: AbortSignal | undefined }): Promise<void> {
    this.#lifecycle.check(options?.signal);
  }

  /** Commits what the work did through its transaction, unless it throws. */
  transaction<T>(work: (transaction: MemoryTransaction) => Promise<T>): Promise<T> {
    return this.space.transaction(work);
  }

  afterCommit(transaction: MemoryTransaction, hook: () => Promise<void>): void {
    transaction.afterCommit(hook);
  }

  create(game: NewGame, options?: Options): Promise<CreateReply> {
    return this.#change([game.gameId], options, (tx) => createRow(this.space, game, tx));
  }

  load(gameId: GameId, options?: Options): Promise<LoadReply> {
    return this.#change([gameId], options, (tx) => fenceRow(this.space, gameId, tx));
  }

  async loadPage(page: IdPage, options?: Options): Promise<readonly ActiveGame[]> {
    const gameIds = await this.listIds("active", page, options);
    return this.#change(gameIds, options, (tx) =>
      gameIds.flatMap((gameId) => {
        const loaded = fenceRow(this.space, gameId, tx);
        return loaded.kind === "row" ? [loaded.game] : [];
      }),
    );
  }

  async read(gameId: GameId, options?: Options): Promise<LoadReply> {
    const tx = this.#look(options, gameId);
    return toLoadReply(this.space.rows.get(gameId, tx), this.space.history.get(gameId, tx));
  }

  async findWrite(gameId: GameId, writeId: WriteId, options?: Options): Promise<Version | null> {
    const row = this.space.rows.get(gameId, this.#look(options, gameId));
    if (row === undefined || row.status === "deleted" || row.status === "quarantined") return null;
    return findWrite("game" in row ? row.game.writeIds : row.writeIds, writeId);
  }

  async status(gameId: GameId, options?: Options): Promise<StoredStatus> {
    const tx = this.#look(options, gameId);
    const row = this.space.rows.get(gameId, tx);
    return row?.status ?? (this.space.history.get(gameId, tx) === undefined ? "missing" : "archived");
  }

  async flush(items: readonly FlushItem[], options?: Options): Promise<readonly FlushOutcome[]> {
    assertBatch(items);
    const gameIds = items.map(({ gameId }) => gameId);
    return this.#change(gameIds, options, (tx) => items.map((item) => flushRow(this.space, item, tx)));
  }

  overwrite(request: OverwriteRequest, options: Options & { transaction: MemoryTransaction }) {
    return this.#change([request.gameId], options, (tx) => overwriteRow(this.space, request, tx));
  }

  lock(gameId: GameId, options: Options & { transaction: MemoryTransaction }): Promise<LoadReply> {
    return this.#change([gameId], options, (tx) =>
      toLoadReply(this.space.rows.get(gameId, tx), this.space.history.get(gameId, tx)),
    );
  }

  async archive(request: ArchiveRequest, options?: Options): Promise<ArchiveReply> {
    assertBatch([request.copy]);
    return this.#change([request.copy.gameId], options, (tx) => archiveRow(this.space, request, tx));
  }

  archiveIncomplete(request: IncompleteArchiveRequest, options?: Options): Promise<IncompleteArchiveReply> {
    return this.#change([request.gameId], options, (tx) => archiveWithoutRow(this.space, request, tx));
  }

  remove(gameId: GameId, options?: Options): Promise<StoredStatus> {
    return this.#change([gameId], options, (tx) => removeRow(this.space, gameId, tx));
  }

  /** Memory refuses nothing that it has kept. */
  async canStore(gameId: GameId, options?: { signal?: AbortSignal | undefined }): Promise<boolean> {
    this.#look(options, gameId);
    return true;
  }

  quarantine(gameId: GameId, reason: string, unreadable: Uint8Array, options?: Options): Promise<boolean> {
    return this.#change([gameId], options, (tx) => quarantineRow(this.space, gameId, reason, unreadable, tx));
  }

  async readLog(
    gameId: GameId,
    { from, limit }: { from: number; limit: number },
    options?: Options,
  ): Promise<readonly { seq: number; entry: EntryText }[]> {
    const row = this.space.rows.get(gameId, this.#look(options, gameId));
    assertWhole("from", from, 1);
    assertWhole("limit", limit, 1);
    return isActive(row) ? row.log.filter(({ seq }) => seq >= from).slice(0, limit) : [];
  }

  async countActive(options?: Options): Promise<number> {
    return listings.activeGames(this.space, this.#look(options)).length;
  }

  async listActive(playerId: string, page: PageRequest, options?: Options): Promise<Page<ActiveGameSummary>> {
    return listings.pageOfActive(this.space, playerId, page, this.#look(options));
  }

  async listHistory(playerId: string, page: PageRequest, options?: Options): Promise<Page<GameHistoryRecord>> {
    return listings.pageOfHistory(this.space, playerId, page, this.#look(options));
  }

  async findHistory(gameId: GameId, options?: Options): Promise<GameHistoryRecord | null> {
    return this.space.history.get(gameId, this.#look(options, gameId))?.record ?? null;
  }

  async readReplay(gameId: GameId, options?: Options): Promise<StoredReplay | null> {
    return this.space.history.get(gameId, this.#look(options, gameId)) ?? null;
  }

  async listIds(filter: IdFilter, page: IdPage, options?: Options): Promise<readonly GameId[]> {
    return listings.idsOf(this.space, filter, page, this.#look(options));
  }

  async listGone(gameIds: readonly GameId[], options?: Options): Promise<readonly GameId[]> {
    return listings.goneOf(this.space, gameIds, this.#look(options, ...gameIds));
  }

  async purgeTombstones(olderThanMs: number, options?: Options): Promise<number> {
    assertWhole("olderThanMs", olderThanMs, 0);
    const old = listings.tombstones(this.space, this.space.now() - olderThanMs, this.#look(options));
    return this.#change(old, options, (tx) => purgeRows(this.space, old, tx));
  }

  acquireLease(name: string, holder: string, leaseMs: number, options?: Options): Promise<boolean> {
    return this.#change([], options, (tx) => acquireLease(this.space, { name, holder, leaseMs }, tx));
  }

  releaseLease(name: string, holder: string, options?: Options): Promise<void> {
    return this.#change([], options, (tx) => releaseLease(this.space, { name, holder }, tx));
  }

  async beatServiceClock(maxGapMs: number, options?: { signal?: AbortSignal | undefined }): Promise<number> {
    this.#look(options);
    assertWhole("maxGapMs", maxGapMs, 0);
    return this.space.beatServiceClock(maxGapMs);
  }

  async now(options?: Options): Promise<number> {
    this.#look(options);
    return this.space.now();
  }

  /** The checks before every call; the transaction that a read sees. */
  #look(options: Options | undefined, ...gameIds: readonly GameId[]): MemoryTransaction | undefined {
    this.#lifecycle.check(options?.signal);
    options?.transaction?.assertOpen();
    for (const gameId of gameIds) assertGameId(gameId);
    return options?.transaction;
  }

  /** Locks the rows in the order of their ids, so that two batches never wait for each other, then does the work. */
  async #change<T>(
    gameIds: readonly GameId[],
    options: Options | undefined,
    work: (transaction: MemoryTransaction) => T | Promise<T>,
  ): Promise<T> {
    const transaction = this.#look(options, ...gameIds);
    if (transaction === undefined) {
      return this.space.transaction((own) => this.#change(gameIds, { ...options, transaction: own }, work));
    }
    for (const gameId of [...gameIds].sort()) await this.space.lock(gameId, transaction, options?.signal);
    return work(transaction);
  }
}
