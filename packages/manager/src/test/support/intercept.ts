import { interceptAll, type Operation } from "@turnkeep/conformance";
import { TurnkeepError, type WriteFate } from "@turnkeep/core";

/** What happens instead of one call; `call` makes the real one. */
export type Around = (call: () => Promise<unknown>) => Promise<unknown>;

export interface Intercepted<Port> {
  readonly port: Port;
  /** Operations that were called, in order. */
  readonly calls: Operation<Port>[];
  /** Does this instead of the next `times` calls of the operation (default: all). */
  on(operation: Operation<Port>, around: Around, times?: number): void;
  /** Lets every call through again. */
  heal(): void;
}

/** A port whose calls are counted and can be made to fail, to hang or to lose their reply. */
export function intercept<Port extends object>(inner: Port): Intercepted<Port> {
  const calls: Operation<Port>[] = [];
  const rules = new Map<PropertyKey, { around: Around; left: number }>();
  const port = interceptAll(inner, (operation, call) => {
    calls.push(operation);
    const rule = rules.get(operation);
    if (rule === undefined || rule.left <= 0) return call();
    rule.left -= 1;
    return rule.around(call);
  });
  return {
    port,
    calls,
    on: (operation, around, times = Number.POSITIVE_INFINITY) => rules.set(operation, { around, left: times }),
    heal: () => rules.clear(),
  };
}

export function cacheAway(fate: WriteFate = "notDone"): Around {
  return () => Promise.reject(new TurnkeepError("CacheUnavailable", "the cache is away", { fate }));
}

export function storeAway(fate: WriteFate = "notDone"): Around {
  return () => Promise.reject(new TurnkeepError("StoreUnavailable", "the store is away", { fate }));
}

/** The call is made, and its reply is lost. */
export function loseCacheReply(): Around {
  return async (call) => {
    await call();
    throw new TurnkeepError("CacheUnavailable", "the reply was lost", { fate: "unknown" });
  };
}

/** The call is made, and its reply is lost. */
export function loseStoreReply(): Around {
  return async (call) => {
    await call();
    throw new TurnkeepError("StoreUnavailable", "the reply was lost", { fate: "unknown" });
  };
}

/** Something else happens just before the call. */
export function after(first: () => Promise<unknown>): Around {
  return async (call) => {
    await first();
    return call();
  };
}

/** Something else happens between the call and its reply. */
export function afterwards(then: () => Promise<unknown>): Around {
  return async (call) => {
    const reply = await call();
    await then();
    return reply;
  };
}

/** The store answers that it could not do it in time, for a locked row or its own limit. */
export function storeBusy(): Around {
  const details = { fate: "notDone", reason: "busy" } as const;
  return () => Promise.reject(new TurnkeepError("StoreUnavailable", "the row is locked", details));
}
