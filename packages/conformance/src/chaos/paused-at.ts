import { createGate } from "./gate.js";
import { interceptAll, type Operation } from "./intercept.js";

export interface Paused<Port> {
  /** The port that stops at this operation. */
  readonly port: Port;
  /** Resolves once a call has come so far. */
  readonly reached: Promise<void>;
  /** Lets that call go on, and all later ones. */
  release(): void;
}

/**
 * A port whose calls of one operation stop until the test releases them; whatever should come in between is done meanwhile.
 * @param where `before` the call is made (default), or `after` it, with its reply still on the way
 */
export function pausedAt<Port extends object>(
  port: Port,
  operation: Operation<Port>,
  where: "before" | "after" = "before",
): Paused<Port> {
  const [arrival, gate] = [createGate(), createGate()];
  const stop = () => {
    arrival.open();
    return gate.opened;
  };
  const paused = interceptAll(port, async (called, call) => {
    if (called !== operation) return call();
    if (where === "before") await stop();
    const reply = await call();
    if (where === "after") await stop();
    return reply;
  });
  return { port: paused, reached: arrival.opened, release: gate.open };
}
