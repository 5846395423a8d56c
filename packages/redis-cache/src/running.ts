import { clusterFlusherCalls } from "./cluster-flusher-calls.js";
import { Connection } from "./connection.js";
import type { FlusherCalls } from "./flusher-calls.js";
import { Keyring } from "./keys.js";
import { isCluster, openClient, type Purpose } from "./open-client.js";
import type { Settings } from "./options.js";
import { type RunScript, scriptsOn } from "./scripting.js";
import { singleFlusherCalls } from "./single-flusher-calls.js";
import { checkRedis } from "./start-checks.js";
import { Subscriptions } from "./subscriptions.js";

/** What a started cache works with: its connections, and what runs on them. */
export interface Running {
  readonly commands: Connection;
  readonly flusher: Connection;
  readonly subscriptions: Subscriptions;
  readonly keyring: Keyring;
  /** Scripts on the commands' connection. */
  readonly run: RunScript;
  /** Scripts on the flusher's connection: large, and nobody waits for them. */
  readonly runBehind: RunScript;
  readonly flusherCalls: FlusherCalls;
  readonly publish: "PUBLISH" | "SPUBLISH";
  readonly detectsFailover: boolean;
}

/** Opens and checks everything, or leaves nothing open. @throws CacheUnavailable, Misconfigured */
export async function startRunning(settings: Settings): Promise<Running> {
  const connect = (purpose: Purpose) => new Connection(openClient(settings, purpose), settings);
  const [commands, flusher, subscriber] = [connect("commands"), connect("flusher"), connect("subscriber")];
  try {
    await Promise.all([commands.open(), flusher.open()]);
    const { detectsFailover } = await checkRedis(commands);
    const onCluster = isCluster(commands.client);
    const keyring = new Keyring(settings.keyPrefix, onCluster);
    const runBehind = scriptsOn(flusher);
    return {
      commands,
      flusher,
      subscriptions: new Subscriptions(subscriber, settings.heartbeatMs),
      keyring,
      run: scriptsOn(commands),
      runBehind,
      flusherCalls: onCluster
        ? clusterFlusherCalls(flusher, runBehind, keyring, settings.discoverTagsEveryMs)
        : singleFlusherCalls(runBehind, keyring),
      publish: onCluster ? "SPUBLISH" : "PUBLISH",
      detectsFailover,
    };
  } catch (error) {
    await Promise.all([commands, flusher, subscriber].map((connection) => connection.close()));
    throw error;
  }
}
