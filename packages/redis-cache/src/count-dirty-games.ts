import type { Connection } from "./connection.js";
import { isCluster } from "./open-client.js";
import type { ClusterClient } from "./options.js";
import { textsOf } from "./replies.js";
import { runScript } from "./run-script.js";
import { tagOfSlot } from "./slot-tags.js";

const tagsAtOnce = 1_024;

/** The parts of a Cluster's dirty index that hold games, with how many; every master is asked for all of its slots. */
export async function countDirtyGames(
  connection: Connection,
  prefix: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const replies = await connection.call(
    (client) => (isCluster(client) ? Promise.all(askMasters(client, prefix)) : Promise.resolve([])),
    signal,
  );
  const counted = new Map<string, number>();
  for (const reply of replies) {
    const texts = textsOf(reply);
    for (let n = 0; n < texts.length; n += 2) counted.set(texts[n] ?? "", Number(texts[n + 1]));
  }
  return counted;
}

function askMasters(client: ClusterClient, prefix: string): Promise<unknown>[] {
  const tagsOf = new Map<string, string[]>();
  client.slots.forEach(([master = ""], slot) => {
    const tags = tagsOf.get(master) ?? [];
    tagsOf.set(master, tags);
    tags.push(tagOfSlot(slot));
  });
  return client.nodes("master").flatMap((node) => {
    const tags = tagsOf.get(`${node.options.host}:${node.options.port}`) ?? [];
    const groups = Array.from({ length: Math.ceil(tags.length / tagsAtOnce) }, (_, n) =>
      tags.slice(n * tagsAtOnce, (n + 1) * tagsAtOnce),
    );
    return groups.map((group) => runScript(node, "count-dirty", [], [prefix, ...group]));
  });
}
