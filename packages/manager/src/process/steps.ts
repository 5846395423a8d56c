import type { Cache, Store } from "@turnkeep/core/ports";

type OperationOf<Port> = {
  [K in keyof Port]: Port[K] extends (...args: never[]) => unknown ? K & string : never;
}[keyof Port];

/** Where a call stands: before or after one step of the protocol, which is one operation of the cache or the store. */
export type StepName = `${"before" | "after"} ${`cache.${OperationOf<Cache>}` | `store.${OperationOf<Store>}`}`;

/** Called at every step, and waited for; what it throws fails the step. For tests that stop a process there. */
export type OnStep = (step: StepName) => void | Promise<void>;

/** Both sides with every step told; the sides themselves where nobody asks. */
export function withSteps<Sides extends { cache: Cache; store: Store }>(
  sides: Sides,
  onStep: OnStep | undefined,
): Sides {
  if (onStep === undefined) return sides;
  return { ...sides, cache: telling("cache", sides.cache, onStep), store: telling("store", sides.store, onStep) };
}

function telling<Port extends object>(side: "cache" | "store", port: Port, onStep: OnStep): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name === "afterCommit" || typeof name === "symbol") return member.bind(target);
      return async (...args: unknown[]) => {
        await onStep(`before ${side}.${name}` as StepName);
        const reply: unknown = await Reflect.apply(member, target, args);
        await onStep(`after ${side}.${name}` as StepName);
        return reply;
      };
    },
  });
}
