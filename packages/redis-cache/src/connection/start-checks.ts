import { misconfigured, refusedCommand } from "../errors.js";
import { isCluster, mastersOf, type SingleClient } from "./client.js";
import type { Connection } from "./connection.js";
import { loadScripts, runScript } from "./run-script.js";

/** What the checks found out. */
export interface Findings {
  /** False where scripts cannot read the replication id. */
  readonly detectsFailover: boolean;
}

/**
 * Checks every master: version, eviction policy, that a Cluster is spoken to as one, and whether scripts may read the
 * replication id. The scripts are loaded on the way, so that even a first call is one round trip.
 * @throws Misconfigured with what to change, CacheUnavailable
 */
export async function checkRedis(connection: Connection): Promise<Findings> {
  const epochs = await connection.call((client) =>
    Promise.all(mastersOf(client).map(({ node }) => checkOne(node, isCluster(client)).catch(nameRefusedCommand))),
  );
  return { detectsFailover: epochs.every((epoch) => epoch !== "unknown") };
}

async function checkOne(master: SingleClient, expectsCluster: boolean): Promise<string> {
  const sections = await Promise.all(["server", "memory", "cluster"].map((section) => master.info(section)));
  const fields = readInfo(sections.join("\r\n"));
  const version = fields.get("redis_version") ?? "0";
  if (Number.parseInt(version, 10) < 7) {
    misconfigured(`Redis 7.0 or newer is needed, or a Valkey; this one is ${version}: upgrade it`);
  }
  const evicts = mayEvictUnsaved(fields);
  if (evicts !== null) misconfigured(evicts);
  if ((fields.get("cluster_enabled") === "1") !== expectsCluster) {
    misconfigured(
      expectsCluster
        ? "the client is a Cluster client, and Redis is not a Cluster: give a url or a plain client"
        : "Redis is a Cluster: give the cache a Cluster client",
    );
  }
  await loadScripts(master);
  const [epoch] = await runScript(master, "inspect", { keys: [], args: ["", ""] });
  return String(epoch);
}

/** What is wrong with the eviction policy of a Redis; `null` if it keeps what has no time to live. */
function mayEvictUnsaved(fields: ReadonlyMap<string, string>): string | null {
  const policy = fields.get("maxmemory_policy") ?? "";
  if (policy === "noeviction" || policy.startsWith("volatile-")) return null;
  return (
    `Redis may evict games that are not saved yet, as its maxmemory-policy is "${policy}": ` +
    "set it to noeviction, or to one of the volatile- policies"
  );
}

/** What is wrong by now with the eviction policy of some master; `null` if nothing is. @throws CacheUnavailable */
export async function evictionTrouble(connection: Connection): Promise<string | null> {
  const found = await connection.call((client) =>
    Promise.all(mastersOf(client).map(async ({ node }) => mayEvictUnsaved(readInfo(await node.info("memory"))))),
  );
  return found.find((trouble) => trouble !== null) ?? null;
}

/** True where some master loses all that it has when it restarts, as far as its user may know. */
export async function losesAllAtRestart(connection: Connection): Promise<boolean> {
  const found = await connection.call((client) =>
    Promise.all(mastersOf(client).map(async ({ node }) => readInfo(await node.info("persistence").catch(() => "")))),
  );
  return found.some((fields) => fields.get("aof_enabled") === "0");
}

/** The fields of a section of INFO. */
export function readInfo(text: string): Map<string, string> {
  const pairs = text.split("\r\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
  });
  return new Map(pairs);
}

function nameRefusedCommand(error: Error): never {
  const command = refusedCommand(error.message);
  if (command === undefined) throw error;
  return misconfigured(`Redis refuses its user what a game needs: grant +${command}`);
}
