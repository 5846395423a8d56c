import type { Cluster, Redis } from "ioredis";

/** A client of ioredis for one Redis, or for the master of a Sentinel group. */
export type SingleClient = Redis;
/** A client of ioredis for a Cluster. */
export type ClusterClient = Cluster;
export type RedisClient = SingleClient | ClusterClient;

/** One master of a Redis, with a name that sorts and stays. */
export interface Master {
  readonly name: string;
  readonly node: SingleClient;
}

export function isCluster(client: RedisClient): client is ClusterClient {
  return client.isCluster;
}

/** All masters that this client knows of, in the order of their names; a single Redis is its own master, named `""`. */
export function mastersOf(client: RedisClient): readonly Master[] {
  if (!isCluster(client)) return [{ name: "", node: client }];
  return client
    .nodes("master")
    .map((node) => ({ name: `${node.options.host}:${node.options.port}`, node }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
