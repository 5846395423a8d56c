import {
  assertGameId,
  assertWriteId,
  type Fence,
  type GameId,
  isCanonicalUuid,
  TurnkeepError,
  type Version,
} from "@turnkeep/core";
import type {
  ActiveGame,
  Cache,
  CacheCallOptions,
  Change,
  ClaimReply,
  ClaimRequest,
  DirtyBacklog,
  InstallReply,
  ReadReply,
  SealRequest,
  UnflushedCopy,
  Unsubscribe,
  WriteReply,
  WriteRequest,
} from "@turnkeep/core/ports";
import { Lifecycle } from "../lifecycle.js";
import type { CacheSpace } from "./cache-space.js";
import {
  acknowledge,
  adoptFence,
  backlogOf,
  claimDue,
  claimOne,
  evict,
  reindexLost,
  resetFork,
} from "./flusher-operations.js";
import { installRow } from "./install-row.js";
import { readCopy } from "./read-copy.js";
import { writeCopy } from "./write-copy.js";

export interface Lifetimes {
  readonly ttlMs: number;
  readonly tokenTtlMs: number;
}

/** The cache port over a space: each operation is one synchronous step on it, wrapped in a promise. */
export class MemoryCache implements Cache {
  readonly detectsFailover = true;
  readonly #lifecycle = new Lifecycle("cache");
  readonly #unsubscribes = new Set<Unsubscribe>();
  readonly #lifetimes: Lifetimes;

  constructor(
    /** What this cache shares with others, and what tests disturb. */
    readonly space: CacheSpace,
    lifetimes: Lifetimes,
  ) {
    this.#lifetimes = lifetimes;
  }

  async start(): Promise<void> {
    this.#lifecycle.start();
  }

  async close(): Promise<void> {
    this.#lifecycle.close();
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
  }

  async ping(options?: CacheCallOptions): Promise<void> {
    this.#lifecycle.check(options?.signal);
  }

  async read(
    gameId: GameId,
    request: { known?: Version | undefined; token?: string | undefined } = {},
    options?: CacheCallOptions,
  ): Promise<ReadReply> {
    this.#check(options, gameId);
    return readCopy(this.space, gameId, request, this.#lifetimes.tokenTtlMs);
  }

  async install(gameId: GameId, token: string, row: ActiveGame, options?: CacheCallOptions): Promise<InstallReply> {
    this.#check(options, gameId);
    return installRow(this.space, gameId, token, row, this.#lifetimes.ttlMs);
  }

  async write(gameId: GameId, request: WriteRequest, options?: CacheCallOptions): Promise<WriteReply> {
    this.#check(options, gameId);
    assertWriteId(request.writeId);
    return writeCopy(this.space, gameId, request, null);
  }

  async seal(gameId: GameId, request: SealRequest, options?: CacheCallOptions): Promise<WriteReply> {
    this.#check(options, gameId);
    assertWriteId(request.writeId);
    return writeCopy(this.space, gameId, request, request.outcome);
  }

  async claim(request: ClaimRequest, options?: CacheCallOptions): Promise<ClaimReply> {
    this.#check(options);
    return claimDue(this.space, request);
  }

  async claimGame(
    gameId: GameId,
    request: { onlyDirty?: boolean } = {},
    options?: CacheCallOptions,
  ): Promise<UnflushedCopy | null> {
    this.#check(options, gameId);
    return claimOne(this.space, gameId, request.onlyDirty ?? false);
  }

  async ack(gameId: GameId, version: Version, logCount: number, options?: CacheCallOptions): Promise<"ok" | "newer"> {
    this.#check(options, gameId);
    return acknowledge(this.space, gameId, version, logCount, this.#lifetimes.ttlMs);
  }

  async adopt(gameId: GameId, lineage: string, fence: Fence, options?: CacheCallOptions): Promise<Version | null> {
    this.#check(options, gameId);
    return adoptFence(this.space, gameId, lineage, fence);
  }

  async reset(gameId: GameId, forkedLineage: string, row: ActiveGame, options?: CacheCallOptions): Promise<boolean> {
    this.#check(options, gameId);
    return resetFork(this.space, gameId, forkedLineage, row, this.#lifetimes.ttlMs);
  }

  async evict(gameId: GameId, version?: Version, options?: CacheCallOptions): Promise<"ok" | "absent" | "newer"> {
    this.#check(options, gameId);
    return evict(this.space, gameId, version);
  }

  async exists(gameId: GameId, options?: CacheCallOptions): Promise<boolean> {
    this.#check(options, gameId);
    return this.space.copy(gameId) !== undefined;
  }

  async scan(
    { cursor, limit }: { cursor: string | null; limit: number },
    options?: CacheCallOptions,
  ): Promise<{ gameIds: readonly GameId[]; next: string | null }> {
    this.#check(options);
    if (cursor !== null && !isCanonicalUuid(cursor)) {
      throw new TurnkeepError("InvalidInput", "this is no cursor of a scan", { issues: ["cursor"] });
    }
    const rest = this.space.gameIds().filter((gameId) => cursor === null || gameId > cursor);
    const gameIds = rest.slice(0, limit);
    return { gameIds, next: rest.length > limit ? (gameIds.at(-1) ?? null) : null };
  }

  async reindex(gameIds: readonly GameId[], options?: CacheCallOptions): Promise<readonly GameId[]> {
    this.#check(options, ...gameIds);
    return reindexLost(this.space, gameIds);
  }

  async backlog(options?: CacheCallOptions): Promise<DirtyBacklog> {
    this.#check(options);
    return backlogOf(this.space);
  }

  async now(options?: CacheCallOptions): Promise<number> {
    this.#check(options);
    return this.space.now();
  }

  async subscribe(gameId: GameId, onChange: (change: Change) => void, onGap: () => void): Promise<Unsubscribe> {
    this.#check(undefined, gameId);
    // After the unsubscription nothing more is heard, not even of a change that is on its way.
    let listening = true;
    const unlisten = this.space.listen(gameId, {
      onChange: (change) => listening && onChange(change),
      onGap: () => listening && onGap(),
    });
    const unsubscribe = () => {
      listening = false;
      unlisten();
      this.#unsubscribes.delete(unsubscribe);
    };
    this.#unsubscribes.add(unsubscribe);
    return unsubscribe;
  }

  #check(options: CacheCallOptions | undefined, ...gameIds: readonly GameId[]): void {
    this.#lifecycle.check(options?.signal);
    for (const gameId of gameIds) assertGameId(gameId);
  }
}
