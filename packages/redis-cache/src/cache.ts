import { TurnkeepError } from "@turnkeep/core";
import { bindOperations, type Cache } from "@turnkeep/core/ports";
import { type Context, closeContext, openContext } from "./context.js";
import { identity } from "./identity.js";
import { ack } from "./operations/ack.js";
import { adopt } from "./operations/adopt.js";
import { backlog } from "./operations/backlog.js";
import { belongTo } from "./operations/belong-to.js";
import { claim, claimGame } from "./operations/claim.js";
import { evict } from "./operations/evict.js";
import { exists, inspect, unlike } from "./operations/inspect.js";
import { install, installPage } from "./operations/install.js";
import { read, readPage } from "./operations/read.js";
import { reindex } from "./operations/reindex.js";
import { reset } from "./operations/reset.js";
import { scan } from "./operations/scan.js";
import { unverify } from "./operations/unverify.js";
import { seal, setMetadata, write } from "./operations/write.js";
import { parseOptions, type RedisCacheOptions, type Settings } from "./options.js";
import { probeWrites } from "./probe.js";

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
  const life = new CacheLife(parseOptions(options));
  return {
    start: () => life.start(),
    close: () => life.close(),
    get detectsFailover() {
      return life.detectsFailover;
    },
    ...bindOperations<Operations, Context>(() => life.running(), {
      belongTo,
      ping: ({ commands, subscriptions, keyring, settings }, options) =>
        probeWrites(commands, subscriptions, keyring, settings.runtime, options?.signal),
      identity,
      // Load
      read,
      install,
      readPage,
      installPage,
      subscribe: ({ subscriptions, keyring }, gameId, onChange, onGap) =>
        subscriptions.subscribe(keyring.of(gameId).channel, onChange, onGap),
      // Write
      write,
      seal,
      setMetadata,
      // Flush
      claim,
      claimGame,
      ack,
      adopt,
      reset,
      unverify,
      // End
      evict,
      // Lists
      exists,
      scan,
      reindex,
      inspect,
      unlike,
      backlog,
      // Clock
      now: ({ commands }, options) => commands.now(options?.signal),
    }),
  };
}

type Operations = Omit<Cache, "start" | "close" | "detectsFailover">;

/**
 * The states are `idle –start→ running –close→ idle`; a start that fails leaves it idle, and a second start while
 * running changes nothing.
 */
class CacheLife {
  readonly #settings: Settings;
  #context: Context | undefined;
  #starting: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get detectsFailover(): boolean {
    return this.#context?.detectsFailover ?? false;
  }

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

  /** @throws NotRunning */
  running(): Context {
    if (this.#context !== undefined) return this.#context;
    throw new TurnkeepError("NotRunning", "the cache is used before start() or after close()", {});
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
}
