import { freePort, type RunningServer, startRedis } from "@turnkeep/dev-services";
import { Redis } from "ioredis";
import { vi } from "vitest";
import { slotCount } from "../slot-tags.js";

export interface RedisCluster {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  stop(): Promise<void>;
}

const host = "127.0.0.1";

/** A Redis Cluster of masters, each with an equal share of the slots; resolves when all of them serve. */
export async function startRedisCluster(masters: number): Promise<RedisCluster> {
  const servers: RunningServer[] = [];
  const clients: Redis[] = [];
  const stop = async () => {
    for (const client of clients) client.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    const busPorts: number[] = [];
    for (let n = 0; n < masters; n++) {
      const busPort = await freePort();
      busPorts.push(busPort);
      const extraArgs = ["--cluster-enabled", "yes", "--cluster-port", String(busPort)];
      const server = await startRedis({ extraArgs });
      servers.push(server);
      clients.push(new Redis(server.url));
    }
    await Promise.all(
      clients.map(async (client, n) => {
        const [first, next] = [n, n + 1].map((share) => Math.floor((slotCount * share) / masters));
        await client.call("CLUSTER", "SET-CONFIG-EPOCH", n + 1);
        await client.call("CLUSTER", "ADDSLOTSRANGE", first ?? 0, (next ?? 0) - 1);
      }),
    );
    for (const [n, server] of servers.entries()) {
      await clients[0]?.call("CLUSTER", "MEET", host, server.port, busPorts[n] ?? 0);
    }
    await vi.waitFor(
      async () => {
        for (const client of clients) {
          const info = await client.cluster("INFO");
          if (!info.includes("cluster_state:ok") || !info.includes(`cluster_known_nodes:${masters}`)) {
            throw new Error("the Cluster is not complete yet");
          }
        }
      },
      { timeout: 30_000, interval: 50 },
    );
    return { nodes: servers.map(({ port }) => ({ host, port })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
