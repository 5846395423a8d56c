import type { PageInstall } from "@turnkeep/core/ports";
import { countDirtyGames } from "./cluster/count-dirty-games.js";
import { DirtyParts } from "./cluster/dirty-parts.js";
import { isCluster } from "./connection/client.js";
import { Connection } from "./connection/connection.js";
import { JoinedCalls } from "./connection/joined-calls.js";
import { openClient, type Purpose } from "./connection/open-client.js";
import type { Caller, ScriptArguments } from "./connection/run-script.js";
import { checkRedis, losesAllAtRestart } from "./connection/start-checks.js";
import { Subscriptions } from "./connection/subscriptions.js";
import { watchEviction } from "./connection/watch-eviction.js";
import { type GameKeys, Keyring } from "./keys.js";
import type { Settings } from "./options.js";
import { probeWrites } from "./probe.js";

/** Games in one call of a script that takes many: enough to share its cost, few enough to keep no other call waiting. */
export const gamesACall = 20;
/** An acknowledgement is small. */
const acksACall = 1_000;

/** One game of a call, as its script takes it. */
export interface GameCall {
  readonly keys: GameKeys;
  readonly args: ScriptArguments;
}

/** What the operations of a started cache work with. */
export interface Context {
  readonly settings: Settings;
  readonly caller: Caller;
  readonly keyring: Keyring;
  /** For the calls that a player waits for. */
  readonly commands: Connection;
  /** For the flusher's calls, which are large. */
  readonly flusher: Connection;
  readonly subscriptions: Subscriptions;
  readonly reads: JoinedCalls<GameCall>;
  readonly acks: JoinedCalls<GameCall>;
  readonly installs: JoinedCalls<PageInstall>;
  /** The parts of the dirty index on a Cluster; `null` on one Redis, which has a single index. */
  readonly dirtyParts: DirtyParts | null;
  readonly publish: "PUBLISH" | "SPUBLISH";
  readonly detectsFailover: boolean;
  readonly stopWatching: () => void;
}

/** Opens and checks everything, or leaves nothing open. @throws CacheUnavailable, Misconfigured */
export async function openContext(settings: Settings): Promise<Context> {
  const { keyPrefix, runtime } = settings;
  const { heartbeatMs, discoverPartsEveryMs } = settings.advanced;
  const caller: Caller = { deployment: "" };
  const connect = (purpose: Purpose) => new Connection(openClient(settings, purpose), caller, settings, runtime);
  const [commands, flusher] = [connect("commands"), connect("flusher")];
  const subscriptions = new Subscriptions(connect("subscriber"), heartbeatMs, runtime);
  try {
    await Promise.all([commands.open(), flusher.open()]);
    const { detectsFailover } = await checkRedis(commands);
    const onCluster = isCluster(commands.client);
    const keyring = new Keyring(keyPrefix, onCluster);
    await probeWrites(commands, subscriptions, keyring, runtime);
    const { onWarning = () => undefined } = settings;
    if (await losesAllAtRestart(commands)) {
      onWarning("Redis keeps no append-only file: a restart loses what Postgres does not have yet; set appendonly yes");
    }
    return {
      settings,
      caller,
      keyring,
      commands,
      flusher,
      subscriptions,
      reads: new JoinedCalls(gamesACall),
      acks: new JoinedCalls(acksACall),
      installs: new JoinedCalls(gamesACall),
      dirtyParts: onCluster
        ? new DirtyParts(discoverPartsEveryMs, () => countDirtyGames(flusher, keyPrefix, caller), runtime)
        : null,
      publish: onCluster ? "SPUBLISH" : "PUBLISH",
      detectsFailover,
      stopWatching: watchEviction(commands, heartbeatMs, runtime, onWarning),
    };
  } catch (error) {
    await Promise.all([commands, flusher, subscriptions].map((each) => each.close()));
    throw error;
  }
}

export async function closeContext({ commands, flusher, subscriptions, stopWatching }: Context): Promise<void> {
  stopWatching();
  await Promise.all([commands.close(), flusher.close(), subscriptions.close()]);
}
