import type { CacheCallOptions } from "@turnkeep/core/ports";
import { tagOfSlot } from "./cluster/slot-tags.js";
import { isCluster, mastersOf } from "./connection/client.js";
import { readInfo } from "./connection/start-checks.js";
import type { Context } from "./context.js";
import { singleTag } from "./keys.js";

/**
 * The replication id and a random name, which is lost with all other keys: of the one Redis, or of each master of a
 * Cluster, whose name lies in the first of its slots.
 */
export async function identity({ commands, keyring, settings }: Context, options?: CacheCallOptions): Promise<string> {
  const parts = await commands.call((client) => {
    const asked = mastersOf(client).flatMap(({ name, node }) => {
      const slot = isCluster(client) ? client.slots.findIndex(([master]) => master === name) : null;
      return slot === -1 ? [] : [{ node, tag: slot === null ? singleTag : tagOfSlot(slot) }];
    });
    return Promise.all(
      asked.map(async ({ node, tag }) => {
        const fresh = settings.runtime.randomId();
        const [kept, info] = await Promise.all([
          node.set(keyring.identity(tag), fresh, "NX", "GET"),
          node.info("replication"),
        ]);
        return `${readInfo(info).get("master_replid")}.${kept ?? fresh}`;
      }),
    );
  }, options?.signal);
  return parts.sort().join(" ");
}
