import { setTimeout as delay } from "node:timers/promises";
import { aborted, cannotConnect, isTryAgain, translateError, wasNeverSent } from "./errors.js";
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

  /** @throws CacheUnavailable, Misconfigured where Redis refuses the user; the connection is then closed */
  async open(): Promise<void> {
    // What connect() throws says only that it failed; why, is told by an event before.
    let reason: Error | undefined;
    const note = (error: Error) => {
      reason = error;
    };
    this.client.on("error", note);
    try {
      await raceAgainst(this.client.connect(), { timeoutMs: this.timeouts.connectTimeoutMs });
    } catch (error) {
      this.client.disconnect();
      throw cannotConnect(reason ?? error);
    } finally {
      this.client.off("error", note);
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
    // The client's own timeout is enough, but for a Cluster's client, which repeats what a node refused.
    let ownTimeout = signal !== undefined || this.client.isCluster;
    for (let tries = 1; ; tries++) {
      if (this.client.status !== "ready") {
        ownTimeout = true;
        await this.untilReady(deadline, signal);
      }
      try {
        const reply = send(this.client);
        return ownTimeout ? await raceAgainst(reply, { timeoutMs: deadline - performance.now(), signal }) : await reply;
      } catch (error) {
        if (wasNeverSent(error)) {
          // The connection has just ended, and the client has not noticed yet.
          ownTimeout = true;
          await this.untilReady(deadline, signal);
        } else if (isTryAgain(error) && tries < triesAgain) {
          await delay(tryAgainAfterMs * tries);
        } else {
          throw translateError(error);
        }
      }
    }
  }

  /** Resolves at the next `ready`. @throws CacheUnavailable or Aborted, not done */
  private async untilReady(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const { client } = this;
    let onReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    client.once("ready", onReady);
    try {
      await raceAgainst(ready, { timeoutMs: deadline - performance.now(), signal, fate: "notDone" });
    } finally {
      client.off("ready", onReady);
    }
  }
}
