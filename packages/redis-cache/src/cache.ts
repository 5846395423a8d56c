import { type Fence, type GameId, TurnkeepError, type Version } from "@turnkeep/core";
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
import { type Context, closeContext, openContext } from "./context.js";
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
import { parseOptions, type RedisCacheOptions, type Settings } from "./options.js";

/**
 * The cache port on one Redis (also behind Sentinel), on Valkey, or on a Redis Cluster. Nothing is connected before
 * `start()`, which opens three connections of its own, also where a client is given: that says how to connect, and is
 * never closed.
 * @throws InvalidInput for options that are unsound, Misconfigured for a client with a `keyPrefix` of its own
 * @example
 * const cache = createRedisCache({ url: "redis://localhost:6379" });
 * await cache.start();
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  return new RedisCache(parseOptions(options));
}

/**
 * One operation of the port a method, each in operations/. The states are `idle –start→ running –close→ idle`; a start
 * that fails leaves it idle, and a second start while running changes nothing.
 */
class RedisCache implements Cache {
  readonly #settings: Settings;
  #context: Context | undefined;
  #starting: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /* Life */

  start(): Promise<void> {
    this.#starting ??= this.#open();
    return this.#starting;
  }

  async close(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const context = this.#context;
    this.#context = undefined;
    this.#starting = undefined;
    if (context !== undefined) await closeContext(context);
  }

  async ping({ signal }: CacheCallOptions = {}): Promise<void> {
    await this.#running().commands.ping(signal);
  }

  get detectsFailover(): boolean {
    return this.#context?.detectsFailover ?? false;
  }

  /* Load */

  async read(gameId: GameId, request: ReadRequest = {}, { signal }: CacheCallOptions = {}): Promise<ReadReply> {
    return await read(this.#running(), gameId, request, signal);
  }

  async install(
    gameId: GameId,
    token: string,
    row: ActiveGame,
    { signal }: CacheCallOptions = {},
  ): Promise<InstallReply> {
    return await install(this.#running(), gameId, token, row, signal);
  }

  async subscribe(gameId: GameId, onChange: (change: Change) => void, onGap: () => void): Promise<Unsubscribe> {
    const { subscriptions, keyring } = this.#running();
    return await subscriptions.subscribe(keyring.of(gameId).channel, onChange, onGap);
  }

  /* Write */

  async write(gameId: GameId, request: WriteRequest, { signal }: CacheCallOptions = {}): Promise<WriteReply> {
    return await write(this.#running(), gameId, request, signal);
  }

  async seal(gameId: GameId, request: SealRequest, { signal }: CacheCallOptions = {}): Promise<WriteReply> {
    return await seal(this.#running(), gameId, request, signal);
  }

  /* Flush */

  async claim(request: ClaimRequest, { signal }: CacheCallOptions = {}): Promise<ClaimReply> {
    return await claim(this.#running(), request, signal);
  }

  async claimGame(
    gameId: GameId,
    request: { onlyDirty?: boolean } = {},
    { signal }: CacheCallOptions = {},
  ): Promise<UnflushedCopy | null> {
    return await claimGame(this.#running(), gameId, request, signal);
  }

  async ack(
    gameId: GameId,
    version: Version,
    logCount: number,
    { signal }: CacheCallOptions = {},
  ): Promise<"ok" | "newer"> {
    return await ack(this.#running(), gameId, version, logCount, signal);
  }

  async adopt(gameId: GameId, lineage: string, fence: Fence, { signal }: CacheCallOptions = {}): Promise<void> {
    await adopt(this.#running(), gameId, lineage, fence, signal);
  }

  async reset(
    gameId: GameId,
    forkedLineage: string,
    row: ActiveGame,
    { signal }: CacheCallOptions = {},
  ): Promise<boolean> {
    return await reset(this.#running(), gameId, forkedLineage, row, signal);
  }

  /* End */

  async evict(
    gameId: GameId,
    version?: Version,
    { signal }: CacheCallOptions = {},
  ): Promise<"ok" | "absent" | "newer"> {
    return await evict(this.#running(), gameId, version, signal);
  }

  /* Lists */

  async exists(gameId: GameId, { signal }: CacheCallOptions = {}): Promise<boolean> {
    return await exists(this.#running(), gameId, signal);
  }

  async scan(request: ScanRequest, { signal }: CacheCallOptions = {}): Promise<ScanPage> {
    return await scan(this.#running(), request, signal);
  }

  async reindex(gameIds: readonly GameId[], { signal }: CacheCallOptions = {}): Promise<readonly GameId[]> {
    return await reindex(this.#running(), gameIds, signal);
  }

  async backlog({ signal }: CacheCallOptions = {}): Promise<DirtyBacklog> {
    return await backlog(this.#running(), signal);
  }

  /* Clock */

  async now({ signal }: CacheCallOptions = {}): Promise<number> {
    return await this.#running().commands.now(signal);
  }

  async #open(): Promise<void> {
    try {
      this.#context = await openContext(this.#settings);
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    if (this.#context.detectsFailover) return;
    this.#settings.onWarning?.("scripts cannot read Redis's replication id: only durable writes survive a failover");
  }

  #running(): Context {
    if (this.#context !== undefined) return this.#context;
    throw new TurnkeepError("NotRunning", "the cache is used before start() or after close()", {});
  }
}
