import { type RedisCluster, type SentinelGroup, startRedisCluster, startSentinelGroup } from "@turnkeep/dev-services";
import { Cluster, Redis } from "ioredis";

/** Redis as more than one server. Its clients find the servers themselves, so that there are no proxies between. */
export interface RedisTopology {
  /** As the cache takes it. */
  readonly url: string;
  readonly sentinels?: SentinelGroup;
  readonly cluster?: RedisCluster;
  /** A new client, which is not connected yet. */
  connect(): Redis | Cluster;
  stop(): Promise<void>;
}

const listed = (nodes: readonly { readonly host: string; readonly port: number }[]) =>
  nodes.map(({ host, port }) => `${host}:${port}`).join(",");

/** Three Sentinels, a master and two replicas; or six nodes of a Cluster, half of them replicas. */
export async function startTopology(kind: "sentinel" | "cluster"): Promise<RedisTopology> {
  if (kind === "sentinel") {
    const sentinels = await startSentinelGroup();
    const { name } = sentinels;
    return {
      url: `redis-sentinel://${listed(sentinels.sentinels)}/${name}`,
      sentinels,
      connect: () => new Redis({ sentinels: [...sentinels.sentinels], name, lazyConnect: true }),
      stop: () => sentinels.stop(),
    };
  }
  const cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  return {
    url: `redis-cluster://${listed(cluster.nodes)}`,
    cluster,
    connect: () => new Cluster([...cluster.nodes], { lazyConnect: true }),
    stop: () => cluster.stop(),
  };
}

/** The servers that hold keys: the Redis itself, or every master of the Cluster. */
export function mastersOf(client: Redis | Cluster): readonly Redis[] {
  return client.isCluster ? (client as Cluster).nodes("master") : [client as Redis];
}
