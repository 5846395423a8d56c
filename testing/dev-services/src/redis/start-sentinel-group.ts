import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { patienceMs } from "../patience.js";
import type { RunningServer } from "../running-server.js";
import { removeTemporaryFolder, temporaryFolder } from "../temp-folder.js";
import { findRedis } from "./find-redis.js";
import { callRedis, untilTrue } from "./redis-admin.js";
import { spawnRedis } from "./redis-process.js";
import { startRedis } from "./start-redis.js";

export interface SentinelOptions {
  /** @default 2 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** While a test waits for a failover, a master that is silent for so long is replaced. @default 500 */
  readonly downAfterMs?: number;
}

/** Sentinels, the master that they watch and its replicas, all on loopback. */
export interface SentinelGroup {
  /** The name of the master for the Sentinels. */
  readonly name: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The port of the master, by the Sentinels. */
  masterPort(): Promise<number>;
  /** The server on this port: master or replica. */
  serverAt(port: number): RunningServer;
  /** Starts a killed server again on its port and data; the Sentinels make it a replica. */
  restart(port: number): Promise<void>;
  /** Waits for another master than this one, which serves writes. @throws Error if that takes too long */
  untilFailedOver(oldPort: number): Promise<number>;
  stop(): Promise<void>;
}

const host = "127.0.0.1";
const name = "turnkeep";
/** Long, so that a busy machine causes no failover. It is shortened while a test waits for one. */
const calmMs = 60_000;
/** A replica that asks for a copy gets it at once, without a wait for other replicas. */
const promptSync = ["--repl-diskless-sync-delay", "0"];

/** Resolves when all replicas are in step and the Sentinels know each other. */
export async function startSentinelGroup(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { replicas = 2, sentinels: sentinelCount = 3, downAfterMs = 500 } = options;
  const servers = new Map<number, RunningServer>();
  const sentinels: { port: number; stop(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(sentinels.map((sentinel) => sentinel.stop()));
    await Promise.all([...servers.values()].map((server) => server.stop()));
  };
  const start = async (extraArgs: readonly string[]) => {
    const server = await startRedis({ appendonly: true, extraArgs: [...promptSync, ...extraArgs] });
    servers.set(server.port, server);
    return server;
  };
  try {
    const master = await start([]);
    for (let n = 0; n < replicas; n++) await start(["--replicaof", `${host} ${master.port}`]);
    await untilTrue("replicas in step", patienceMs, async () => {
      const online = String(await callRedis(master.port, "INFO", "replication")).match(/state=online/g);
      return (online?.length ?? 0) === replicas;
    });
    const quorum = Math.floor(sentinelCount / 2) + 1;
    for (let n = 0; n < sentinelCount; n++) sentinels.push(await startSentinel(master.port, quorum, downAfterMs * 10));
    const masterPort = async () => {
      const address = await callRedis(sentinels[0]?.port ?? 0, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
      return Number((address as string[])[1]);
    };
    await untilTrue("Sentinels that know each other", patienceMs, async () => {
      const known = await Promise.all(sentinels.map(({ port }) => callRedis(port, "SENTINEL", "CKQUORUM", name)));
      const wanted = `OK ${sentinelCount} usable`;
      if (!known.every((answer) => String(answer).startsWith(wanted))) return false;
      const seen = await Promise.all(sentinels.map(({ port }) => callRedis(port, "SENTINEL", "REPLICAS", name)));
      return seen.every((list) => (list as unknown[]).length === replicas);
    });
    const giveUpAfter = async (ms: number) => {
      const set = ["SENTINEL", "SET", name, "down-after-milliseconds", ms] as const;
      await Promise.all(sentinels.map(({ port }) => callRedis(port, ...set)));
    };
    return {
      name,
      sentinels: sentinels.map(({ port }) => ({ host, port })),
      masterPort,
      serverAt: (port) => servers.get(port) ?? unknownPort(port),
      async restart(port) {
        const { dataDir } = servers.get(port) ?? unknownPort(port);
        servers.set(port, await startRedis({ appendonly: true, port, dataDir, extraArgs: promptSync }));
      },
      async untilFailedOver(oldPort) {
        let port = oldPort;
        await giveUpAfter(downAfterMs);
        await untilTrue("a new master", patienceMs, async () => {
          port = await masterPort();
          return port !== oldPort && String(await callRedis(port, "INFO", "replication")).includes("role:master");
        });
        await giveUpAfter(calmMs);
        return port;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A Sentinel keeps what it learns in its configuration file, so each has a folder of its own. */
async function startSentinel(masterPort: number, quorum: number, failoverTimeoutMs: number) {
  const folder = temporaryFolder("redis");
  const file = join(folder, "sentinel.conf");
  const settings = [
    `sentinel monitor ${name} ${host} ${masterPort} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${calmMs}`,
    `sentinel failover-timeout ${name} ${failoverTimeoutMs}`,
    `sentinel parallel-syncs ${name} 2`,
  ];
  writeFileSync(file, `${settings.join("\n")}\n`);
  const { server, port } = await spawnRedis({
    program: await findRedis(),
    cwd: folder,
    port: undefined,
    timeoutMs: patienceMs,
    args: (port) => [file, "--sentinel", "--port", String(port), "--bind", host, "--dir", folder],
  });
  return {
    port,
    stop: async () => {
      await server.end("SIGTERM", 5_000);
      removeTemporaryFolder(folder);
    },
  };
}

function unknownPort(port: number): never {
  throw new Error(`no server of this group has the port ${port}`);
}
