import { isTurnkeepError, type Runtime } from "@turnkeep/core";
import calculateSlot from "cluster-key-slot";
import { type ClusterClient, isCluster, type Master, mastersOf, type RedisClient } from "./connection/client.js";
import type { Connection } from "./connection/connection.js";
import { runScript } from "./connection/run-script.js";
import type { Subscriptions } from "./connection/subscriptions.js";
import { isAboutRights, misconfigured, refusedCommand, translateError } from "./errors.js";
import type { Keyring } from "./keys.js";

/** What Redis said to a command of the probe. */
interface Refusal {
  readonly command: string;
  /** The pattern of the key or channel that the command was about. */
  readonly pattern: string;
  readonly error: unknown;
}

/**
 * Does on every master what the first write of a game does, with the keys and the channel of a game that does not
 * exist, and takes it back.
 * @throws Misconfigured that names the commands, keys and channels that the user lacks; CacheUnavailable where Redis
 * refuses writes for another reason, or does not answer
 */
export async function probeWrites(
  commands: Connection,
  subscriptions: Subscriptions,
  keyring: Keyring,
  runtime: Runtime,
  signal?: AbortSignal,
): Promise<void> {
  const refusals = await commands.call(async (client) => {
    const masters = mastersOf(client).filter((master) => !isCluster(client) || ownsSlots(client, master));
    const found = masters.map((master) => probeMaster(client, master, keyring, runtime, subscriptions));
    return (await Promise.all(found)).flat();
  }, signal);
  const other = refusals.find((refusal) => missingRight(refusal) === null);
  if (other !== undefined && isFixedReplica(commands.client, other)) {
    misconfigured("Redis is a replica and takes no writes: give the address of its master");
  }
  if (other !== undefined) throw translateError(other.error);
  const missing = new Set(refusals.map(missingRight));
  if (missing.size > 0) misconfigured(`Redis refuses its user what a game needs: grant ${[...missing].join(" ")}`);
}

async function probeMaster(
  client: RedisClient,
  master: Master,
  keyring: Keyring,
  runtime: Runtime,
  subscriptions: Subscriptions,
): Promise<readonly Refusal[]> {
  const { node } = master;
  const gameId = idOn(client, master, keyring, runtime);
  const { channel, ...keys } = keyring.of(gameId);
  const { channel: channelPattern, ...patterns } = keyring.patterns;
  const publish = isCluster(client) ? "SPUBLISH" : "PUBLISH";
  const refusals: Refusal[] = [];
  const attempt = async (command: string, pattern: string, work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      refusals.push({ command, pattern, error });
      return [];
    }
  };
  const probeKey = async (kind: keyof typeof keys) => {
    const args = [kind, gameId, channel, publish];
    const reply = await attempt("EVALSHA", patterns[kind], () =>
      runScript(node, "probe", { keys: [keys[kind]], args }),
    );
    const texts = (reply as readonly unknown[]).map(String);
    for (let n = 0; n < texts.length; n += 2) {
      const [command = "", error = ""] = texts.slice(n, n + 2);
      const pattern = command === publish ? channelPattern : patterns[kind];
      refusals.push({ command, pattern, error: new Error(error) });
    }
  };
  await Promise.all([
    ...(Object.keys(keys) as (keyof typeof keys)[]).map(probeKey),
    attempt("EVAL", patterns.state, () => node.eval("return 1", 0)),
    attempt("EXISTS", patterns.state, () => node.exists(keys.state)),
    attempt("SCAN", patterns.state, () => node.scan(0, "MATCH", keys.state, "COUNT", 1)),
    attempt("TIME", patterns.state, () => node.time()),
    attempt(subscriptions.command, channelPattern, () => subscriptions.probe(channel)),
  ]);
  return refusals;
}

const ownsSlots = ({ slots }: ClusterClient, { name }: Master) => slots.some(([master]) => master === name);

/** The id of no game; on a Cluster, one whose keys lie on this master. */
function idOn(client: RedisClient, master: Master, keyring: Keyring, runtime: Runtime): string {
  for (;;) {
    const id = runtime.randomId();
    if (!isCluster(client) || client.slots[calculateSlot(keyring.of(id).state)]?.[0] === master.name) return id;
  }
}

/** True where no other server may become the master under the same address. */
function isFixedReplica(client: RedisClient, { error }: Refusal): boolean {
  return !isCluster(client) && !client.options.sentinels && /^READONLY/.test(messageOf(error));
}

function messageOf(error: unknown): string {
  if (isTurnkeepError(error) && error.cause instanceof Error) return error.cause.message;
  return error instanceof Error ? error.message : "";
}

/** What the user lacks, as ACL SETUSER takes it; `null` if the refusal is about something else. */
function missingRight({ command, pattern, error }: Refusal): string | null {
  const message = messageOf(error);
  if (!isAboutRights(message)) return null;
  const named = refusedCommand(message);
  if (named !== undefined) return `+${named}`;
  if (/\bchannels?\b/.test(message)) return `&${pattern}`;
  return /\bkeys?\b/.test(message) ? `~${pattern}` : `+${command.toLowerCase()}`;
}
