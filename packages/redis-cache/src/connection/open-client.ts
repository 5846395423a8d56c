import { Cluster, Redis, type RedisOptions } from "ioredis";
import { isCluster, type RedisClient } from "./client.js";
import { timeoutOf } from "./connection.js";
import { parseRedisUrl } from "./redis-url.js";

/** What each connection is for; it is part of its name in CLIENT LIST. */
export type Purpose = "commands" | "flusher" | "subscriber";

/** How to connect, and how long to wait. Exactly one of `url` and `client` is there. */
export interface ConnectionSettings {
  readonly url?: string | undefined;
  readonly client?: RedisClient | undefined;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * A new client for one purpose, not yet connected. Its settings make sure that a command is sent at most once, that
 * it fails in time, and that a connection which swallows its answers is opened anew.
 */
export function openClient(settings: ConnectionSettings, purpose: Purpose): RedisClient {
  const { commandTimeoutMs, connectTimeoutMs } = settings;
  const perNode = {
    commandTimeout: timeoutOf(settings, purpose === "flusher" ? "bulk" : "small"),
    connectTimeout: connectTimeoutMs,
    socketTimeout: commandTimeoutMs * 2,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: false,
    stringNumbers: false,
    replyMapping: "legacy" as const,
    connectionName: `turnkeep:${purpose}`,
    // A master that became a replica refuses writes; the way to the new master begins with a new connection.
    reconnectOnError: (error: Error) => (error.message.startsWith("READONLY") ? 1 : false) as 1 | false,
  };
  const single = {
    ...perNode,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: (times: number) => Math.min(times * 50, 1_000),
  };
  const client = settings.client ?? templateOf(settings.url ?? "");
  const opened = duplicate(client, perNode, single, purpose);
  // Every call that waits for the connection listens for it, however many there are.
  opened.setMaxListeners(0);
  // ioredis prints errors that have no listener; a call that fails by one reports it itself.
  opened.on("error", (error: Error) => settings.onWarning?.(`the connection for ${purpose}: ${error.message}`));
  return opened;
}

/** A client that says how to connect to this place, and never does. */
function templateOf(url: string): RedisClient {
  const place = parseRedisUrl(url);
  if (place === null || place.kind === "single") return new Redis(url, { lazyConnect: true });
  const { nodes, tls: encrypted, username, password } = place;
  const tls = encrypted ? { tls: {} } : {};
  const user = { ...(username && { username }), ...(password && { password }) };
  if (place.kind === "cluster") {
    return new Cluster([...nodes], { lazyConnect: true, redisOptions: { ...user, ...tls } });
  }
  const sentinelTls = encrypted ? { enableTLSForSentinelMode: true, sentinelTLS: {}, tls: {} } : {};
  return new Redis({ sentinels: [...nodes], name: place.name, lazyConnect: true, ...user, ...sentinelTls });
}

function duplicate(client: RedisClient, perNode: RedisOptions, single: RedisOptions, purpose: Purpose): RedisClient {
  if (!isCluster(client)) return client.duplicate(single);
  return client.duplicate([], {
    ...client.options,
    lazyConnect: true,
    enableOfflineQueue: false,
    shardedSubscribers: purpose === "subscriber",
    clusterRetryStrategy: (times: number) => Math.min(times * 50, 1_000),
    redisOptions: { ...client.options.redisOptions, ...perNode, replyMapping: "legacy" },
  });
}
