import type { Cache, Store } from "@turnkeep/core/ports";
import { toError } from "../errors.js";
import type { ManagerSettings } from "../settings.js";
import type { Logger } from "../types.js";
import { type Guarded, withBreaker } from "./breaker.js";
import type { Emitter } from "./emitter.js";

interface Sides {
  readonly cache: Cache;
  readonly store: Store;
}

/** Both sides behind a breaker of their own; what becomes of them is told once each time. */
export function guardSides(
  { cache, store }: Sides,
  settings: ManagerSettings,
  events: Emitter,
  log: Logger,
): Sides & { readonly storeIsAway: () => boolean } {
  const guard = <Port extends object>(side: "cache" | "store", port: Port): Guarded<Port> =>
    withBreaker(port, {
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
  const guarded = guard("store", store);
  return { cache: guard("cache", cache).port, store: guarded.port, storeIsAway: guarded.isAway };
}
