import type { Gate, Step } from "./subject.js";

/** Lets a test stop one server at named steps. */
export class Gates {
  readonly #waiting = new Map<Step, { reach: () => void; released: Promise<void> }>();

  hold(step: Step): Gate {
    const reached = withResolvers();
    const released = withResolvers();
    this.#waiting.set(step, { reach: reached.resolve, released: released.promise });
    return { reached: reached.promise, release: released.resolve };
  }

  /** The server is about to take this step. */
  async at(step: Step): Promise<void> {
    const gate = this.#waiting.get(step);
    if (!gate) return;
    this.#waiting.delete(step);
    gate.reach();
    await gate.released;
  }
}

// Promise.withResolvers came with Node 22.
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
