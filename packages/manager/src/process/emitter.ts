import type { Logger, ManagerEventMap, ManagerEvents } from "../events.js";

/** Calls listeners at once, in the order in which they came. A listener that throws is logged and breaks nothing. */
export class Emitter implements ManagerEvents {
  readonly #listeners = new Map<keyof ManagerEventMap, Set<unknown>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  on<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this {
    const listeners = this.#listeners.get(event);
    if (listeners) listeners.add(listener);
    else this.#listeners.set(event, new Set([listener]));
    return this;
  }

  off<E extends keyof ManagerEventMap>(event: E, listener: (...args: ManagerEventMap[E]) => void): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  emit<E extends keyof ManagerEventMap>(event: E, ...args: ManagerEventMap[E]): void {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) {
      try {
        (listener as (...args: ManagerEventMap[E]) => void)(...args);
      } catch (error) {
        this.#log.error({ event, err: error }, "a listener threw");
      }
    }
  }
}
