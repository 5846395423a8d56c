import { type Runtime, systemRuntime } from "@turnkeep/core";
import type { Logger, RecoveryProgress } from "@turnkeep/manager";
import { composeParts, type Parts, type PartsOptions, type Stores } from "./parts.js";
import { retry } from "./run/retry.js";
import type { TaskStatus } from "./run/task-runner.js";
import { runOnce, type TaskSummary } from "./run-once.js";
import { type DaemonSettings, type DaemonSettingsInput, parseDaemonSettings } from "./settings.js";
import { fired, Watch } from "./watch.js";

/**
 * Cache and store; or what makes them, and then a start that fails is tried again: what was started once cannot be
 * started anew.
 */
export type StoresOption<Tx> = Stores<Tx> | Pick<PartsOptions<object, unknown, Tx>, "stores">;

export type DaemonOptions<State extends object, View, Tx> = DaemonSettingsInput &
  Omit<PartsOptions<State, View, Tx>, "stores"> &
  StoresOption<Tx> &
  Surroundings;

interface Surroundings {
  /** Default: none. */
  readonly logger?: Logger | undefined;
  /** Where time, chance and ids come from; default the platform's own. */
  readonly runtime?: Runtime | undefined;
  /** How far a recovery has come. */
  readonly onProgress?: ((progress: RecoveryProgress) => void) | undefined;
  /** Called once the stores are connected, such as for metrics. */
  readonly onStart?: ((parts: Pick<Parts, "events" | "store">) => void) | undefined;
}

/** Watches over one game's stores, beside the servers that play it. Any number of daemons may run: one works at a time. */
export interface Daemon {
  /**
   * Watches until the signal fires: recovers what is live, then runs its tasks in loops while it holds the lease. If a
   * store is away, it waits for the store. At the end it says that it is not ready, for a while if the settings say so,
   * finishes the rounds under way within the grace time, gives the lease back, and closes what it started.
   * @throws Misconfigured; StoreUnavailable or CacheUnavailable at the start, unless `stores` was given
   */
  run(signal: AbortSignal): Promise<void>;
  /**
   * One round of every task, one after the other, without the lease; after a failing one the next runs all the same.
   * @throws Misconfigured, StoreUnavailable, CacheUnavailable if the stores cannot be reached at all
   */
  once(signal?: AbortSignal): Promise<readonly TaskSummary[]>;
  /** `ready` once what is live is recovered, also without the lease; `shuttingDown` once the signal has fired. */
  state(): "notReady" | "ready" | "shuttingDown";
  /** Whether this daemon works, or stands by. */
  leaseHeld(): boolean;
  /** How each task is doing. */
  tasks(): readonly TaskStatus[];
  /** Reject unless the store, or the cache, answers and takes writes. */
  pingStore(signal?: AbortSignal): Promise<void>;
  pingCache(signal?: AbortSignal): Promise<void>;
}

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * A daemon for one's own game. Nothing happens before `run` or `once`; a daemon is used for one of them, once.
 * @throws InvalidInput for unknown settings, or values out of their bounds
 */
export function createDaemon<State extends object, View, Tx>(options: DaemonOptions<State, View, Tx>): Daemon {
  const { game, onDue, manager, logger = silent, runtime = systemRuntime, ...others } = options;
  const { onProgress = () => {}, onStart = () => {}, ...storesAndSettings } = others;
  const { stores, startsAgain, input } = splitStores(storesAndSettings);
  const settings: DaemonSettings = parseDaemonSettings(input);
  const partsOptions = { game, stores, onDue, manager };
  const backoff = { logger, runtime, pauses: { firstMs: 500, longestMs: settings.backoffMaxMs } };
  let watch: Watch | null = null;
  let stopping = false;

  const start = async (): Promise<Parts> => {
    const parts = composeParts(partsOptions, settings, { logger, runtime });
    await parts.manager.start();
    return parts;
  };
  /** `null` if the signal fires first. */
  const started = async (signal: AbortSignal, again: boolean): Promise<Parts | null> => {
    const starting = again ? retry("start", start, backoff, signal) : start();
    const parts = await Promise.race([starting, fired(signal)]);
    if (parts !== null) return parts;
    // What has started all the same is closed; what has not was closed by itself.
    void starting.then((late) => late?.manager.close()).catch(() => undefined);
    return null;
  };
  const notYet = () => Promise.reject(new Error("not connected yet"));

  return Object.freeze<Daemon>({
    async run(signal) {
      void fired(signal).then(() => {
        stopping = true;
      });
      const parts = await started(signal, startsAgain);
      if (parts === null) return;
      try {
        onStart(parts);
        watch = new Watch(parts, settings, backoff, onProgress);
        await watch.run(signal);
      } finally {
        await parts.manager.close();
      }
      logger.info({}, "stopped");
    },
    async once(signal = new AbortController().signal) {
      const parts = await started(signal, false);
      return runOnce(parts, { settings, logger, runtime, onProgress }, signal);
    },
    state: () => (stopping ? "shuttingDown" : watch?.recovered ? "ready" : "notReady"),
    leaseHeld: () => watch?.lease.held ?? false,
    tasks: () => watch?.runner.status() ?? [],
    pingStore: (signal) => watch?.parts.store.ping({ signal }) ?? notYet(),
    pingCache: (signal) => watch?.parts.cache.ping({ signal }) ?? notYet(),
  });
}

function splitStores<Tx>(options: DaemonSettingsInput & StoresOption<Tx>) {
  if ("stores" in options) {
    const { stores, ...input } = options;
    return { stores, startsAgain: true, input };
  }
  const { cache, store, ...input } = options;
  return { stores: () => ({ cache, store }), startsAgain: false, input };
}
