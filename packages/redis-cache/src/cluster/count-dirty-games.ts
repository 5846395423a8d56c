import { type ClusterClient, isCluster, mastersOf } from "../connection/client.js";
import type { Connection } from "../connection/connection.js";
import { type Caller, type Reply, runScript, unlessForeign } from "../connection/run-script.js";
import { tagOfSlot } from "./slot-tags.js";

const tagsAtOnce = 1_024;

/**
 * The parts of a Cluster's dirty index that hold games, with how many; every master is asked for all of its slots.
 * @throws CacheUnavailable, Misconfigured if one of them is another deployment's
 */
export async function countDirtyGames(
  connection: Connection,
  prefix: string,
  caller: Caller,
): Promise<ReadonlyMap<string, number>> {
  const replies = await connection.call((client) =>
    isCluster(client) ? Promise.all(askMasters(client, prefix, caller)) : Promise.resolve([]),
  );
  const counted = new Map<string, number>();
  for (const reply of replies) {
    unlessForeign(reply, caller);
    for (let n = 0; n < reply.length; n += 2) counted.set(String(reply[n]), Number(reply[n + 1]));
  }
  return counted;
}

function askMasters(client: ClusterClient, prefix: string, { deployment }: Caller): Promise<Reply>[] {
  const tagsOf = new Map<string, string[]>();
  client.slots.forEach(([master = ""], slot) => {
    const tags = tagsOf.get(master) ?? [];
    tagsOf.set(master, tags);
    tags.push(tagOfSlot(slot));
  });
  return mastersOf(client).flatMap(({ name, node }) => {
    const tags = tagsOf.get(name) ?? [];
    const groups = Array.from({ length: Math.ceil(tags.length / tagsAtOnce) }, (_, n) =>
      tags.slice(n * tagsAtOnce, (n + 1) * tagsAtOnce),
    );
    return groups.map((group) => runScript(node, "count-dirty", { keys: [], args: [prefix, deployment, ...group] }));
  });
}
