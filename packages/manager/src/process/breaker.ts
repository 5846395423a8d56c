import { isTurnkeepError, pauseAfter, type Runtime, TurnkeepError } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { toError } from "../errors.js";
import type { Emitter, Logger } from "../events.js";
import type { ManagerSettings } from "../settings.js";

export interface BreakerOptions {
  readonly code: "StoreUnavailable" | "CacheUnavailable";
  /** Unanswered calls in a row after which the side counts as away; 0: never. */
  readonly afterFailures: number;
  /** How long it is left alone at most before one call tries it again, in ms. */
  readonly probeEveryMs: number;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

const firstProbeMs = 50;

/**
 * closed ──so many unanswered calls in a row──> open ⇄ probing ──the probe is answered──> closed
 *
 * While it is open, calls fail at once: `notDone`, since they are not made. After a pause one call at a time is made
 * all the same, as a probe; each probe that is not answered makes the next pause longer. An error of a side that
 * answers is an answer. What ends before the side could answer, such as by the caller's signal, is neither.
 */
export class Breaker {
  readonly #runtime: Runtime;
  readonly #options: BreakerOptions;
  #unansweredInARow = 0;
  #pauses = 0;
  #probeAt = 0;
  #probing = false;

  constructor(runtime: Runtime, options: BreakerOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** True from the failures that opened it until a call was answered. */
  get isOpen(): boolean {
    return this.#pauses > 0;
  }

  /** Makes the call, unless the side is left alone. @throws what the call throws; its own code, `notDone`, `away` */
  run<T>(call: () => Promise<T>): Promise<T> {
    return this.isOpen ? this.#probe(call) : this.#try(call);
  }

  async #try<T>(call: () => Promise<T>): Promise<T> {
    try {
      const reply = await call();
      this.#unansweredInARow = 0;
      return reply;
    } catch (error) {
      if (this.#isUnanswered(error)) {
        this.#unansweredInARow += 1;
        const { afterFailures, onAway } = this.#options;
        if (afterFailures > 0 && this.#unansweredInARow >= afterFailures && !this.isOpen) {
          this.#pause();
          onAway(error);
        }
      }
      throw error;
    }
  }

  async #probe<T>(call: () => Promise<T>): Promise<T> {
    if (this.#probing || this.#runtime.monotonicMs() < this.#probeAt) throw this.#leftAlone();
    this.#probing = true;
    try {
      const reply = await call();
      this.#close();
      return reply;
    } catch (error) {
      if (this.#isUnanswered(error)) this.#pause();
      else if (!isTurnkeepError(error, "Aborted")) this.#close();
      throw error;
    } finally {
      this.#probing = false;
    }
  }

  #pause(): void {
    this.#pauses += 1;
    const pauses = { firstMs: firstProbeMs, longestMs: this.#options.probeEveryMs };
    this.#probeAt = this.#runtime.monotonicMs() + pauseAfter(this.#pauses, pauses, this.#runtime);
  }

  #close(): void {
    this.#pauses = 0;
    this.#unansweredInARow = 0;
    this.#options.onBack();
  }

  #isUnanswered(error: unknown): boolean {
    if (!isTurnkeepError(error, this.#options.code)) return false;
    return error.details.reason === undefined || error.details.reason === "away";
  }

  #leftAlone(): TurnkeepError {
    const { code } = this.#options;
    const which = code === "StoreUnavailable" ? "store" : "cache";
    return new TurnkeepError(code, `the ${which} is away, and was not asked`, { fate: "notDone", reason: "away" });
  }
}

interface Sides {
  readonly cache: Cache;
  readonly store: Store;
}

export interface GuardOptions {
  readonly settings: Pick<ManagerSettings, "breakAfterFailures" | "probeEveryMs">;
  readonly events: Emitter;
  readonly log: Logger;
  readonly runtime: Runtime;
}

/** Calls that answer at once, have time for themselves, or must be tried in any case. */
const unguarded = new Set<PropertyKey>(["start", "belongTo", "close", "afterCommit", "rootOf", "subscribe", "evict"]);
/** Calls of the background whose replies are large: that they take too long says nothing of the calls that play makes. */
const bulk = new Set<PropertyKey>([
  ...["claim", "scan", "reindex", "readPage", "installPage"],
  ...["listIds", "listGone", "loadPage", "purgeTombstones", "purgeHistory"],
]);
/** Play makes it as well, and its reply is as large as the game: it says nothing either, but needs the side to be there. */
const uncounted = new Set<PropertyKey>(["claimGame", "unverify"]);

/**
 * Both sides, each behind a breaker of its own, with another one for its bulk calls. That a side is away or back for
 * play is reported once each time.
 */
export function guardStores(
  { cache, store }: Sides,
  { settings, events, log, runtime }: GuardOptions,
): Sides & { readonly storeIsAway: () => boolean } {
  const breakerOf = (side: "cache" | "store", report: Pick<BreakerOptions, "onAway" | "onBack">) =>
    new Breaker(runtime, {
      code: side === "cache" ? "CacheUnavailable" : "StoreUnavailable",
      afterFailures: settings.breakAfterFailures,
      probeEveryMs: settings.probeEveryMs,
      ...report,
    });
  const breakersOf = (side: "cache" | "store"): Breakers => ({
    play: breakerOf(side, {
      onAway: (error) => {
        events.emit(`${side}:away`, { error: toError(error) });
        log.error({ err: error }, `the ${side} is away; its calls fail at once until it answers again`);
      },
      onBack: () => {
        events.emit(`${side}:back`, {});
        log.info({}, `the ${side} answers again`);
      },
    }),
    bulk: breakerOf(side, {
      onAway: (error) => log.warn({ err: error }, `the ${side} does not answer bulk calls, so they pause`),
      onBack: () => log.info({}, `the ${side} answers bulk calls again`),
    }),
  });
  const [ofCache, ofStore] = [breakersOf("cache"), breakersOf("store")];
  return {
    cache: guardPort(cache, ofCache),
    store: guardPort(store, ofStore),
    storeIsAway: () => ofStore.play.isOpen,
  };
}

interface Breakers {
  readonly play: Pick<Breaker, "run" | "isOpen">;
  readonly bulk: Pick<Breaker, "run">;
}

/** The port behind its breakers. Calls in a caller's transaction have their own connection and go through. */
export function guardPort<Port extends object>(port: Port, { play, bulk: ofBulk }: Breakers): Port {
  const members = new Map<PropertyKey, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const known = members.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const call = (args: unknown[]) => Reflect.apply(member, target, args);
      const breaker = bulk.has(name) ? ofBulk : play;
      const guarded = (...args: unknown[]) => {
        const passes = unguarded.has(name) || inTransaction(args) || (uncounted.has(name) && !play.isOpen);
        return passes ? call(args) : breaker.run(async () => call(args));
      };
      members.set(name, guarded);
      return guarded;
    },
  });
}

function inTransaction(args: readonly unknown[]): boolean {
  const options = args.at(-1);
  return (
    typeof options === "object" && options !== null && "transaction" in options && options.transaction !== undefined
  );
}
