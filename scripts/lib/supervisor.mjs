import { setTimeout as delay } from "node:timers/promises";

const restartAfterMs = 1_000;
const giveUpAfter = 5;
const withinMs = 60_000;

/**
 * @typedef {object} Service
 * @property {Promise<string>} exited
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} kill
 */

/**
 * Keeps services running, each on what was started before it; stops them in the opposite order.
 * A service that ends by itself is started again, until it does so too often.
 */
export class Supervisor {
  /** @type {{ name: string, service: Service }[]} */
  #running = [];
  #stopping = false;
  /** @type {(reason: string) => void} */
  #giveUp;

  /** @param {(reason: string) => void} giveUp Called when a service does not stay up. */
  constructor(giveUp) {
    this.#giveUp = giveUp;
  }

  /**
   * @template {Service} T
   * @param {string} name
   * @param {() => Promise<T>} start
   * @returns {Promise<T>} resolves when it is up
   */
  async keep(name, start) {
    const service = await start();
    if (this.#stopping) {
      await service.kill();
      throw new Error(`${name} was started while everything is being stopped`);
    }
    const entry = { name, service: /** @type {Service} */ (service) };
    this.#running.push(entry);
    void this.#watch(entry, start);
    return service;
  }

  /** @type {(entry: { name: string, service: Service }, start: () => Promise<Service>) => Promise<void>} */
  async #watch(entry, start) {
    /** @type {number[]} */
    let ends = [];
    for (;;) {
      const how = await entry.service.exited;
      if (this.#stopping) return;
      ends = [...ends.filter((at) => Date.now() - at < withinMs), Date.now()];
      if (ends.length > giveUpAfter) return this.#giveUp(`${entry.name} does not stay up (${how})`);
      console.log(`${entry.name} ended (${how}) and is started again`);
      await delay(restartAfterMs);
      if (this.#stopping) return;
      try {
        entry.service = await start();
      } catch (error) {
        return this.#giveUp(error instanceof Error ? error.message : String(error));
      }
      if (this.#stopping) return entry.service.kill();
    }
  }

  /**
   * Ends everything, last started first.
   * @param {(name: string, stop: () => Promise<void>) => Promise<void>} show
   */
  async stop(show) {
    this.#stopping = true;
    for (const { name, service } of this.#running.splice(0).reverse()) await show(name, () => service.stop());
  }

  /** Ends everything at once, without its consent. */
  async kill() {
    this.#stopping = true;
    await Promise.all(this.#running.map(({ service }) => service.kill()));
  }
}
