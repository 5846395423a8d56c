import type { Runtime } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { toError } from "../errors.js";
import type { ManagerSettings } from "../settings.js";
import type { Logger } from "../types.js";
import { Breaker } from "./breaker.js";
import type { Emitter } from "./emitter.js";

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
const unguarded = new Set<PropertyKey>(["start", "close", "afterCommit", "subscribe", "evict"]);

/** Both sides, each behind a breaker of its own. That a side is away or back is reported once each time. */
export function guardStores(
  { cache, store }: Sides,
  { settings, events, log, runtime }: GuardOptions,
): Sides & { readonly storeIsAway: () => boolean } {
  const breakerOf = (side: "cache" | "store") =>
    new Breaker(runtime, {
      code: side === "cache" ? "CacheUnavailable" : "StoreUnavailable",
      afterFailures: settings.breakAfterFailures,
      probeEveryMs: settings.probeEveryMs,
      onAway: (error) => {
        events.emit(`${side}:away`, { error: toError(error) });
        log.error({ err: error }, `the ${side} is away; its calls fail at once until it answers again`);
      },
      onBack: () => {
        events.emit(`${side}:back`, {});
        log.info({}, `the ${side} answers again`);
      },
    });
  const breaker = breakerOf("store");
  return {
    cache: guardPort(cache, breakerOf("cache")),
    store: guardPort(store, breaker),
    storeIsAway: () => breaker.isOpen,
  };
}

/** The port behind the breaker. Calls in a caller's transaction have their own connection and go through. */
export function guardPort<Port extends object>(port: Port, breaker: Pick<Breaker, "run">): Port {
  const members = new Map<PropertyKey, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const known = members.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const call = (args: unknown[]) => Reflect.apply(member, target, args);
      const guarded = (...args: unknown[]) =>
        unguarded.has(name) || inTransaction(args) ? call(args) : breaker.run(async () => call(args));
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
