import { type Gate as Closed, createGate } from "@turnkeep/conformance";
import type { Gate, Step } from "./subject.js";

/** Lets a test stop one server at named steps. */
export class Gates {
  readonly #waiting = new Map<Step, { arrival: Closed; gate: Closed }>();

  hold(step: Step): Gate {
    const [arrival, gate] = [createGate(), createGate()];
    this.#waiting.set(step, { arrival, gate });
    return { reached: arrival.opened, release: gate.open };
  }

  /** The server is about to take this step. */
  async at(step: Step): Promise<void> {
    const waiting = this.#waiting.get(step);
    if (!waiting) return;
    this.#waiting.delete(step);
    waiting.arrival.open();
    await waiting.gate.opened;
  }
}
