import type { Fault } from "./faults.js";
import { interceptAll, type Operation } from "./intercept.js";

/** A port that a test disturbs while it is in use. */
export interface Interceptable<Port> {
  /** What the test hands out. */
  readonly port: Port;
  /** Operations that were called, in order. A test may empty it. */
  readonly calls: Operation<Port>[];
  /** The next `times` calls of the operation (default: all) meet this fault, in place of an earlier one. */
  on(operation: Operation<Port>, fault: Fault, times?: number): void;
  /** Ends all faults. */
  heal(): void;
}

/** The same port, whose calls are counted, and which meets the faults that the test asks for. */
export function interceptable<Port extends object>(inner: Port): Interceptable<Port> {
  const calls: Operation<Port>[] = [];
  const faults = new Map<PropertyKey, { readonly fault: Fault; left: number }>();
  const port = interceptAll(inner, (operation, call) => {
    calls.push(operation);
    const met = faults.get(operation);
    if (met === undefined || met.left <= 0) return call();
    met.left -= 1;
    return met.fault(call, inner);
  });
  return {
    port,
    calls,
    on: (operation, fault, times = Number.POSITIVE_INFINITY) => void faults.set(operation, { fault, left: times }),
    heal: () => faults.clear(),
  };
}
