import { type CancelTimer, parseVersion, type Runtime } from "@turnkeep/core";
import type { Change, Unsubscribe } from "@turnkeep/core/ports";
import calculateSlot from "cluster-key-slot";
import { isCluster } from "./client.js";
import type { Connection } from "./connection.js";

interface Listener {
  readonly onChange: (change: Change) => void;
  readonly onGap: () => void;
  /** Subscribed at least once: from now on, a reconnection is a gap. */
  subscribed: boolean;
}

/**
 * All subscriptions of one cache on one connection (on a Cluster, one a node). A channel is subscribed once, however
 * many listen. After a reconnection every channel is subscribed again, and then every listener learns of the gap.
 */
export class Subscriptions {
  readonly #connection: Connection;
  readonly #heartbeatMs: number;
  readonly #runtime: Runtime;
  readonly #channels = new Map<string, Set<Listener>>();
  #opened: Promise<void> | undefined;
  #cancelHeartbeat: CancelTimer | undefined;

  constructor(connection: Connection, heartbeatMs: number, runtime: Runtime) {
    this.#connection = connection;
    this.#heartbeatMs = heartbeatMs;
    this.#runtime = runtime;
    const { client } = connection;
    const hear = (channel: string, message: string) => this.#hear(channel, message);
    if (isCluster(client)) {
      client.on("smessage", hear);
      client.on("subscribersReady", () => void this.#bridgeGap());
    } else {
      client.on("message", hear);
      client.on("ready", () => void this.#bridgeGap());
    }
  }

  /** @throws CacheUnavailable: then nothing is subscribed */
  async subscribe(channel: string, onChange: Listener["onChange"], onGap: Listener["onGap"]): Promise<Unsubscribe> {
    const listener: Listener = { onChange, onGap, subscribed: false };
    const listeners = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, listeners.add(listener));
    const stop = () => this.#drop(channel, listener);
    try {
      await this.#open();
      // Also where another listener is there already: its own command may still be under way, or have been lost.
      await this.#send("subscribe", [channel]);
      listener.subscribed = true;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** The command by which this connection subscribes. */
  get command(): "SUBSCRIBE" | "SSUBSCRIBE" {
    return isCluster(this.#connection.client) ? "SSUBSCRIBE" : "SUBSCRIBE";
  }

  /** Subscribes to a channel that nobody publishes on, and unsubscribes. @throws CacheUnavailable */
  async probe(channel: string): Promise<void> {
    await this.#open();
    await this.#send("subscribe", [channel]);
    await this.#send("unsubscribe", [channel]);
  }

  async close(): Promise<void> {
    this.#cancelHeartbeat?.();
    this.#channels.clear();
    await this.#connection.close();
  }

  #open(): Promise<void> {
    this.#opened ??= this.#connection.open().then(
      () => this.#scheduleHeartbeat(),
      (error: unknown) => {
        this.#opened = undefined;
        throw error;
      },
    );
    return this.#opened;
  }

  #drop(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#channels.delete(channel);
    // A channel that stays subscribed for want of a connection has no listener, and is not subscribed again.
    if (this.#opened) this.#send("unsubscribe", [channel]).catch(() => undefined);
  }

  #scheduleHeartbeat(): void {
    const beat = () => {
      this.#scheduleHeartbeat();
      void this.#beat();
    };
    this.#cancelHeartbeat = this.#runtime.schedule(beat, this.#heartbeatMs, { keepAlive: false });
  }

  /**
   * Subscribes to one channel of each node once more. Nothing else is sent on this connection, so that without it a
   * dead one would pass for a silent one; unanswered, it makes the client connect anew.
   */
  async #beat(): Promise<void> {
    const { client } = this.#connection;
    const byNode = new Map<string, string>();
    for (const channel of this.#channels.keys()) {
      byNode.set(isCluster(client) ? (client.slots[calculateSlot(channel)]?.[0] ?? "") : "", channel);
    }
    if (byNode.size > 0) await this.#send("subscribe", [...byNode.values()]).catch(() => undefined);
  }

  async #bridgeGap(): Promise<void> {
    const listeners = [...this.#channels.values()].flatMap((each) => [...each].filter((one) => one.subscribed));
    if (listeners.length === 0) return;
    try {
      await this.#send("subscribe", [...this.#channels.keys()]);
    } catch {
      return; // The connection is gone again; the next one comes back here.
    }
    for (const listener of listeners) listener.onGap();
  }

  /** Any program may publish on the channel; what is no change means that something may have changed. */
  #hear(channel: string, message: string): void {
    const change = toChange(message);
    for (const listener of this.#channels.get(channel) ?? []) {
      if (change === null) listener.onGap();
      else listener.onChange(change);
    }
  }

  async #send(operation: "subscribe" | "unsubscribe", channels: readonly string[]): Promise<void> {
    await this.#connection.call(async (client) => {
      // On a Cluster a channel belongs to its game's slot, and one command speaks of one slot.
      if (!isCluster(client)) return void (await client[operation](...channels));
      await Promise.all(channels.map((channel) => client[`s${operation}`](channel)));
    });
  }
}

function toChange(message: string): Change | null {
  if (message === "gone") return message;
  try {
    return parseVersion(message);
  } catch {
    return null;
  }
}
