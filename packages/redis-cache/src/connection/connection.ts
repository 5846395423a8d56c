import { type Runtime, sleep } from "@turnkeep/core";
import { aborted, cannotConnect, isTryAgain, translateError, unavailable, wasNeverSent } from "../errors.js";
import type { ScriptName } from "../generated/scripts.js";
import { isCluster, mastersOf, type RedisClient } from "./client.js";
import { raceAgainst } from "./race-against.js";
import {
  type Caller,
  type Reply,
  type RunScript,
  runPacked,
  runScript,
  type ScriptArguments,
  type ScriptCall,
  unlessForeign,
} from "./run-script.js";

const triesAgain = 5;
const tryAgainAfterMs = 20;
/** How much longer a bulk call may take: its reply holds whole copies, or a page of keys. */
const bulkFactor = 5;

export interface Timeouts {
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** `bulk`: whole copies, or a page of keys. */
export type ReplySize = "small" | "bulk";

/** How long a call may take, in ms. */
export function timeoutOf({ commandTimeoutMs }: Pick<Timeouts, "commandTimeoutMs">, size: ReplySize): number {
  return size === "bulk" ? commandTimeoutMs * bulkFactor : commandTimeoutMs;
}

/**
 * One connection that this cache opened and closes. A call that finds it down waits for it within the call's own time
 * and is then `notDone`; one that was sent and got no reply is `unknown`.
 */
export class Connection {
  readonly client: RedisClient;
  readonly #caller: Caller;
  readonly #timeouts: Timeouts;
  readonly #runtime: Runtime;

  /** @param client whose `commandTimeout` is at least that of the calls that it is for */
  constructor(client: RedisClient, caller: Caller, timeouts: Timeouts, runtime: Runtime) {
    this.client = client;
    this.#caller = caller;
    this.#timeouts = timeouts;
    this.#runtime = runtime;
  }

  /** @throws CacheUnavailable, Misconfigured where Redis refuses the user; the connection is then closed */
  async open(): Promise<void> {
    // What connect() throws says only that it failed; an event before it says why.
    let reason: Error | undefined;
    const note = (error: Error) => {
      reason = error;
    };
    this.client.on("error", note);
    try {
      await raceAgainst(this.#runtime, this.client.connect(), { timeoutMs: this.#timeouts.connectTimeoutMs });
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
      await raceAgainst(this.#runtime, this.client.quit(), { timeoutMs: this.#timeouts.commandTimeoutMs }).catch(
        () => undefined,
      );
    }
    this.client.disconnect();
  }

  /** The reply of one atomic script; the last key holds whose keys they are. @throws CacheUnavailable, Aborted, Misconfigured */
  run(
    name: ScriptName,
    keys: readonly string[],
    args: ScriptArguments,
    signal?: AbortSignal,
    size?: ReplySize,
  ): Promise<Reply> {
    return this.#runBy(runScript, name, { keys, args }, signal, size);
  }

  /**
   * The replies of many calls of one script, which are sent without waiting for each other; on a Cluster each goes to the
   * node that has its keys. Each leaves as a buffer of its own: a page has hundreds of KB, and every copy of them costs.
   * @throws as `run`, if one of them fails; the others may have been done
   */
  runMany(name: ScriptName, calls: readonly ScriptCall[], signal?: AbortSignal): Promise<readonly Reply[]> {
    return Promise.all(calls.map((call) => this.#runBy(runPacked, name, call, signal, "bulk")));
  }

  async #runBy(
    runner: RunScript,
    name: ScriptName,
    { keys, args }: ScriptCall,
    signal: AbortSignal | undefined,
    size: ReplySize | undefined,
  ): Promise<Reply> {
    const withCaller = { keys, args: [...args, this.#caller.deployment] };
    const reply = await this.call((client) => runner(client, name, withCaller), signal, size);
    return unlessForeign(reply, this.#caller);
  }

  /** The time of Redis's clock in ms since the epoch; on a Cluster, of one master's. @throws CacheUnavailable, Aborted */
  async now(signal?: AbortSignal): Promise<number> {
    const [seconds, micros] = await this.call(async (client) => {
      const [master] = mastersOf(client);
      if (master === undefined) throw unavailable("no master of the Cluster is known", "notDone");
      return await master.node.time();
    }, signal);
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  /** Sends other commands than scripts. @throws CacheUnavailable, Aborted */
  async call<T>(
    send: (client: RedisClient) => Promise<T>,
    signal?: AbortSignal,
    size: ReplySize = "small",
  ): Promise<T> {
    if (signal?.aborted) throw aborted("notDone");
    const timeoutMs = timeoutOf(this.#timeouts, size);
    const deadline = this.#runtime.monotonicMs() + timeoutMs;
    // The client's own timeout is enough where it is the same, but for a Cluster's client, which repeats what a node refused.
    let ownTimeout = signal !== undefined || isCluster(this.client) || this.client.options.commandTimeout !== timeoutMs;
    for (let tries = 1; ; tries++) {
      if (this.client.status !== "ready") {
        ownTimeout = true;
        await this.#untilReady(deadline, signal);
      }
      try {
        const reply = send(this.client);
        return ownTimeout
          ? await raceAgainst(this.#runtime, reply, { timeoutMs: deadline - this.#runtime.monotonicMs(), signal })
          : await reply;
      } catch (error) {
        if (wasNeverSent(error)) {
          // The connection has just ended, and the client has not noticed yet.
          ownTimeout = true;
          await this.#untilReady(deadline, signal);
        } else if (isTryAgain(error) && tries < triesAgain) {
          await sleep(this.#runtime, tryAgainAfterMs * tries, { signal });
        } else {
          throw translateError(error);
        }
      }
    }
  }

  /** Resolves at the next `ready`. @throws CacheUnavailable or Aborted, not done */
  async #untilReady(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const { client } = this;
    let onReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    client.once("ready", onReady);
    try {
      await raceAgainst(this.#runtime, ready, {
        timeoutMs: deadline - this.#runtime.monotonicMs(),
        signal,
        fate: "notDone",
      });
    } finally {
      client.off("ready", onReady);
    }
  }
}
