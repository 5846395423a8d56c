import { isTurnkeepError, TurnkeepError } from "@turnkeep/core";
import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  isBrokenCircuitError,
} from "cockatiel";

type Code = "StoreUnavailable" | "CacheUnavailable";

export interface BreakerOptions {
  readonly code: Code;
  /** Failures in a row after which the port counts as away; 0: never. */
  readonly afterFailures: number;
  /** How long it is left alone at most before one call tries it again, in ms. */
  readonly probeEveryMs: number;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
  /** A clock that nobody sets, in ms. @default performance.now */
  readonly now?: (() => number) | undefined;
}

export interface Guarded<Port> {
  readonly port: Port;
  /** True from the failures that opened the breaker until a call got through. */
  isAway(): boolean;
}

const firstProbeMs = 50;
/** Calls that answer at once, have time for themselves, or must be tried in any case. */
const unguarded = new Set<PropertyKey>(["start", "close", "afterCommit", "subscribe", "evict"]);

/**
 * The port, with calls failing at once while it is away: `notDone`, since they are not made. One call at a time tries
 * it again. Only a port that does not answer counts as away, not one that refuses or is busy; calls in a caller's
 * transaction have their own connection and go through.
 */
export function withBreaker<Port extends object>(port: Port, options: BreakerOptions): Guarded<Port> {
  const { code, afterFailures, probeEveryMs, onAway, onBack, now = () => performance.now() } = options;
  if (afterFailures === 0) return { port, isAway: () => false };
  const policy = circuitBreaker(
    handleWhen((error) => isAwayError(error, code)),
    {
      breaker: new ConsecutiveBreaker(afterFailures),
      // The policy would go by the wall clock, which may be set back while it is open; `probeAt` says when instead.
      halfOpenAfter: Number.NEGATIVE_INFINITY,
    },
  );
  const backoff = new ExponentialBackoff({ initialDelay: firstProbeMs, maxDelay: probeEveryMs });
  let pause: IBackoff<unknown> | null = null;
  let probeAt = 0;
  let away = false;
  policy.onBreak((reason) => {
    pause = pause?.next(undefined) ?? backoff.next();
    probeAt = now() + pause.duration;
    if (away) return;
    away = true;
    onAway("error" in reason ? reason.error : undefined);
  });
  policy.onReset(() => {
    pause = null;
    away = false;
    onBack();
  });
  const guard = async (call: () => Promise<unknown>): Promise<unknown> => {
    // Whoever came during a probe would wait for it, as long as it takes.
    if (away && (policy.state === CircuitState.HalfOpen || now() < probeAt)) throw leftAlone(code);
    try {
      return await policy.execute(call);
    } catch (error) {
      throw isBrokenCircuitError(error) ? leftAlone(code) : error;
    }
  };
  return { port: guardedPort(port, guard), isAway: () => away };
}

function isAwayError(error: unknown, code: Code): boolean {
  if (!isTurnkeepError(error, code)) return false;
  return error.details.reason === undefined || error.details.reason === "away";
}

function leftAlone(code: Code): TurnkeepError {
  const which = code === "StoreUnavailable" ? "store" : "cache";
  return new TurnkeepError(code, `the ${which} is away, and was not asked`, { fate: "notDone", reason: "away" });
}

function guardedPort<Port extends object>(port: Port, guard: (call: () => Promise<unknown>) => Promise<unknown>): Port {
  const members = new Map<PropertyKey, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const known = members.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const call = (args: unknown[]) => Reflect.apply(member, target, args);
      const guarded = unguarded.has(name)
        ? (...args: unknown[]) => call(args)
        : (...args: unknown[]) => (inTransaction(args) ? call(args) : guard(() => call(args)));
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
