import { assertGameId, type Fence, type GameId, type Version } from "@turnkeep/core";
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
  ReadRequest,
  ScanPage,
  ScanRequest,
  SealRequest,
  UnflushedCopy,
  Unsubscribe,
  WriteReply,
  WriteRequest,
} from "@turnkeep/core/ports";
import { Lifecycle } from "../lifecycle.js";
import type { CacheSpace } from "./cache-space.js";
import type { Context } from "./context.js";
import { ack } from "./operations/ack.js";
import { adopt } from "./operations/adopt.js";
import { backlog } from "./operations/backlog.js";
import { claim } from "./operations/claim.js";
import { claimGame } from "./operations/claim-game.js";
import { evict } from "./operations/evict.js";
import { exists } from "./operations/exists.js";
import { install } from "./operations/install.js";
import { read } from "./operations/read.js";
import { reindex } from "./operations/reindex.js";
import { reset } from "./operations/reset.js";
import { scan } from "./operations/scan.js";
import { seal } from "./operations/seal.js";
import { write } from "./operations/write.js";
import { Subscriptions } from "./subscriptions.js";

/** One operation of the port a method, each in operations/: a synchronous step on the space, wrapped in a promise. */
export class MemoryCache implements Cache {
  readonly detectsFailover = true;
  /** What this cache shares with others, and what tests disturb. */
  readonly space: CacheSpace;
  readonly #context: Context;
  readonly #lifecycle = new Lifecycle("cache");
  readonly #subscriptions: Subscriptions;

  constructor(context: Context) {
    this.space = context.space;
    this.#context = context;
    this.#subscriptions = new Subscriptions(context.space);
  }

  /* Life */

  async start(): Promise<void> {
    this.#lifecycle.start();
  }

  async close(): Promise<void> {
    this.#lifecycle.close();
    this.#subscriptions.close();
  }

  async ping(options?: CacheCallOptions): Promise<void> {
    this.#check(options);
  }

  /* Load */

  async read(gameId: GameId, request: ReadRequest = {}, options?: CacheCallOptions): Promise<ReadReply> {
    return read(this.#check(options, gameId), gameId, request);
  }

  async install(gameId: GameId, token: string, row: ActiveGame, options?: CacheCallOptions): Promise<InstallReply> {
    return install(this.#check(options, gameId), gameId, token, row);
  }

  async subscribe(gameId: GameId, onChange: (change: Change) => void, onGap: () => void): Promise<Unsubscribe> {
    this.#check(undefined, gameId);
    return this.#subscriptions.subscribe(gameId, { onChange, onGap });
  }

  /* Write */

  async write(gameId: GameId, request: WriteRequest, options?: CacheCallOptions): Promise<WriteReply> {
    return write(this.#check(options, gameId), gameId, request);
  }

  async seal(gameId: GameId, request: SealRequest, options?: CacheCallOptions): Promise<WriteReply> {
    return seal(this.#check(options, gameId), gameId, request);
  }

  /* Flush */

  async claim(request: ClaimRequest, options?: CacheCallOptions): Promise<ClaimReply> {
    return claim(this.#check(options), request);
  }

  async claimGame(
    gameId: GameId,
    request: { onlyDirty?: boolean } = {},
    options?: CacheCallOptions,
  ): Promise<UnflushedCopy | null> {
    return claimGame(this.#check(options, gameId), gameId, request);
  }

  async ack(gameId: GameId, version: Version, logCount: number, options?: CacheCallOptions): Promise<"ok" | "newer"> {
    return ack(this.#check(options, gameId), gameId, version, logCount);
  }

  async adopt(gameId: GameId, lineage: string, fence: Fence, options?: CacheCallOptions): Promise<void> {
    adopt(this.#check(options, gameId), gameId, lineage, fence);
  }

  async reset(gameId: GameId, forkedLineage: string, row: ActiveGame, options?: CacheCallOptions): Promise<boolean> {
    return reset(this.#check(options, gameId), gameId, forkedLineage, row);
  }

  /* End */

  async evict(gameId: GameId, version?: Version, options?: CacheCallOptions): Promise<"ok" | "absent" | "newer"> {
    return evict(this.#check(options, gameId), gameId, version);
  }

  /* Lists */

  async exists(gameId: GameId, options?: CacheCallOptions): Promise<boolean> {
    return exists(this.#check(options, gameId), gameId);
  }

  async scan(request: ScanRequest, options?: CacheCallOptions): Promise<ScanPage> {
    return scan(this.#check(options), request);
  }

  async reindex(gameIds: readonly GameId[], options?: CacheCallOptions): Promise<readonly GameId[]> {
    return reindex(this.#check(options, ...gameIds), gameIds);
  }

  async backlog(options?: CacheCallOptions): Promise<DirtyBacklog> {
    return backlog(this.#check(options));
  }

  /* Clock */

  async now(options?: CacheCallOptions): Promise<number> {
    return this.#check(options).space.now();
  }

  /** The checks before every call; what its operation works with. @throws NotRunning, Aborted, InvalidGameId */
  #check(options: CacheCallOptions | undefined, ...gameIds: readonly GameId[]): Context {
    this.#lifecycle.check(options?.signal);
    for (const gameId of gameIds) assertGameId(gameId);
    return this.#context;
  }
}
