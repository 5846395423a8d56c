import { setTimeout as delay } from "node:timers/promises";
import { aborted, isTryAgain, translateError, unavailable } from "./errors.js";
import type { RedisClient } from "./options.js";
import { raceAgainst } from "./race-against.js";

const triesAgain = 5;
const tryAgainAfterMs = 20;

/**
 * One connection that this cache opened and closes. A call that finds it down waits for it within the call's own time
 * and is then `notDone`; one that was sent and got no reply is `unknown`.
 */
export class Connection {
  constructor(
    readonly client: RedisClient,
    private readonly timeouts: { readonly commandTimeoutMs: number; readonly connectTimeoutMs: number },
  ) {}

  /** @throws CacheUnavailable; the connection is then closed */
  async open(): Promise<void> {
    const connected = this.client.connect();
    try {
      await raceAgainst(connected, { timeoutMs: this.timeouts.connectTimeoutMs });
    } catch (error) {
      this.client.disconnect();
      throw unavailable("Redis cannot be reached", "notDone", error instanceof Error ? error : undefined);
    }
  }

  /** Lets what is under way finish, within the time of one call. */
  async close(): Promise<void> {
    if (this.client.status === "ready") {
      await raceAgainst(this.client.quit(), { timeoutMs: this.timeouts.commandTimeoutMs }).catch(() => undefined);
    }
    this.client.disconnect();
  }

  /** @throws CacheUnavailable, Aborted */
  async call<T>(send: (client: RedisClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw aborted("notDone");
    const deadline = performance.now() + this.timeouts.commandTimeoutMs;
    if (this.client.status !== "ready") await this.untilReady(signal);
    for (let tries = 1; ; tries++) {
      try {
        const reply = send(this.client);
        // One Redis has the client's own timeout; a Cluster's client repeats what a node refused, without end.
        if (signal === undefined && !this.client.isCluster) return await reply;
        return await raceAgainst(reply, { timeoutMs: deadline - performance.now(), signal });
      } catch (error) {
        if (!isTryAgain(error) || tries === triesAgain) throw translateError(error);
        await delay(tryAgainAfterMs * tries);
      }
    }
  }

  private async untilReady(signal: AbortSignal | undefined): Promise<void> {
    const { client } = this;
    let onReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    client.once("ready", onReady);
    try {
      await raceAgainst(ready, { timeoutMs: this.timeouts.commandTimeoutMs, signal, fate: "notDone" });
    } finally {
      client.off("ready", onReady);
    }
  }
}
