import { freePort } from "../free-port.js";
import { patienceMs } from "../patience.js";
import type { RunningServer } from "../running-server.js";
import { callRedis, untilTrue } from "./redis-admin.js";
import { startRedis } from "./start-redis.js";

export interface ClusterOptions {
  /** @default 3 */
  readonly masters?: number;
  /** For each master. @default 0 */
  readonly replicas?: number;
  /** While a test waits for a failover, a node that is silent for so long is replaced. @default 1_000 */
  readonly nodeTimeoutMs?: number;
}

/** A Redis Cluster on loopback. */
export interface RedisCluster {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  serverAt(port: number): RunningServer;
  slotOf(key: string): Promise<number>;
  /** The port of the master that serves this slot now, by the first node that answers. */
  masterOf(slot: number): Promise<number>;
  /** Moves a slot with all its keys to another master, as redis-cli does; `between` runs when half of it is done. */
  moveSlot(slot: number, toPort: number, between?: () => Promise<void>): Promise<void>;
  /** Starts a killed node again on its port and data. */
  restart(port: number): Promise<void>;
  /** Waits until another node than this one is master of the slot. @throws Error if that takes too long */
  untilFailedOver(slot: number, oldPort: number): Promise<number>;
  stop(): Promise<void>;
}

interface Node {
  readonly port: number;
  readonly busPort: number;
  readonly id: string;
}

const host = "127.0.0.1";
const slotCount = 16_384;
/** Long, so that a busy machine causes no failover. It is shortened while a test waits for one. */
const calmMs = 30_000;

/** Masters with an equal share of the slots each, and their replicas; resolves when all of them serve. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicas = 0, nodeTimeoutMs = 1_000 } = options;
  const total = masters * (1 + replicas);
  const servers = new Map<number, RunningServer>();
  const nodes: Node[] = [];
  const stop = async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  };
  const argsOf = (busPort: number) => [
    ...["--cluster-enabled", "yes", "--cluster-port", String(busPort)],
    ...["--cluster-node-timeout", String(calmMs), "--cluster-replica-validity-factor", "0"],
    ...["--repl-diskless-sync-delay", "0"],
  ];
  try {
    for (let n = 0; n < total; n++) {
      const busPort = await freePort();
      const server = await startRedis({ appendonly: replicas > 0, extraArgs: argsOf(busPort) });
      servers.set(server.port, server);
      nodes.push({ port: server.port, busPort, id: String(await callRedis(server.port, "CLUSTER", "MYID")) });
    }
    await join(nodes, masters);
    const giveUpAfter = async (ms: number) => {
      const set = ["CONFIG", "SET", "cluster-node-timeout", ms] as const;
      await Promise.all(nodes.map(({ port }) => callRedis(port, ...set).catch(() => undefined))); // One may be dead.
    };
    return {
      nodes: nodes.map(({ port }) => ({ host, port })),
      serverAt: (port) => servers.get(port) ?? unknownPort(port),
      slotOf: async (key) => Number(await callRedis(nodes[0]?.port ?? 0, "CLUSTER", "KEYSLOT", key)),
      masterOf: (slot) => masterOf(nodes, slot),
      moveSlot: (slot, toPort, between) => moveSlot(nodes, slot, toPort, between),
      async restart(port) {
        const { dataDir } = servers.get(port) ?? unknownPort(port);
        const { busPort } = nodeAt(nodes, port);
        servers.set(port, await startRedis({ appendonly: replicas > 0, port, dataDir, extraArgs: argsOf(busPort) }));
      },
      async untilFailedOver(slot, oldPort) {
        let port = oldPort;
        await giveUpAfter(nodeTimeoutMs);
        await untilTrue("a new master of the slot", patienceMs, async () => {
          port = await masterOf(nodes, slot, oldPort);
          return port !== oldPort;
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

async function join(nodes: readonly Node[], masters: number): Promise<void> {
  const [first] = nodes;
  if (first === undefined) throw new Error("a Cluster has at least one master");
  await Promise.all(nodes.map(({ port }, n) => callRedis(port, "CLUSTER", "SET-CONFIG-EPOCH", n + 1)));
  await Promise.all(
    nodes.slice(0, masters).map(({ port }, n) => {
      const [from, to] = [n, n + 1].map((share) => Math.floor((slotCount * share) / masters));
      return callRedis(port, "CLUSTER", "ADDSLOTSRANGE", from ?? 0, (to ?? 0) - 1);
    }),
  );
  for (const { port, busPort } of nodes) await callRedis(first.port, "CLUSTER", "MEET", host, port, busPort);
  const all = (test: (info: string, list: string) => boolean) =>
    untilTrue("a complete Cluster", patienceMs, async () => {
      const seen = await Promise.all(
        nodes.map(async ({ port }) => [
          String(await callRedis(port, "CLUSTER", "INFO")),
          String(await callRedis(port, "CLUSTER", "NODES")),
        ]),
      );
      return seen.every(([info = "", list = ""]) => test(info, list));
    });
  await all((info) => info.includes(`cluster_known_nodes:${nodes.length}\r`));
  const replicas = nodes.slice(masters);
  await Promise.all(
    replicas.map(({ port }, n) => callRedis(port, "CLUSTER", "REPLICATE", nodes[n % masters]?.id ?? "")),
  );
  await all(
    (info, list) =>
      info.includes("cluster_state:ok") && (list.match(/ (myself,)?slave /g)?.length ?? 0) === replicas.length,
  );
  await untilTrue("replicas in step", patienceMs, async () => {
    const infos = await Promise.all(replicas.map(({ port }) => callRedis(port, "INFO", "replication")));
    return infos.every((info) => String(info).includes("master_link_status:up"));
  });
}

async function masterOf(nodes: readonly Node[], slot: number, except?: number): Promise<number> {
  for (const { port } of nodes) {
    if (port === except) continue;
    const ranges = await callRedis(port, "CLUSTER", "SLOTS").catch(() => null);
    if (ranges === null) continue;
    type Range = [from: number, to: number, master: [host: string, port: number]];
    const range = (ranges as Range[]).find(([from, to]) => from <= slot && slot <= to);
    if (range !== undefined) return range[2][1];
  }
  throw new Error(`no node that answers knows the master of slot ${slot}`);
}

/** The steps that the Cluster specification gives for resharding a slot. */
async function moveSlot(
  nodes: readonly Node[],
  slot: number,
  toPort: number,
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  const from = nodeAt(nodes, await masterOf(nodes, slot));
  const to = nodeAt(nodes, toPort);
  await callRedis(to.port, "CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
  await callRedis(from.port, "CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
  const keys = (await callRedis(from.port, "CLUSTER", "GETKEYSINSLOT", slot, 100_000)) as string[];
  const move = async (part: readonly string[]) => {
    if (part.length > 0) await callRedis(from.port, "MIGRATE", host, to.port, "", 0, 5_000, "KEYS", ...part);
  };
  const half = Math.ceil(keys.length / 2);
  await move(keys.slice(0, half));
  await between();
  await move(keys.slice(half));
  // Keys that were made meanwhile belong to the new owner already; what was left behind follows.
  await move((await callRedis(from.port, "CLUSTER", "GETKEYSINSLOT", slot, 100_000)) as string[]);
  for (const { port } of [to, from]) await callRedis(port, "CLUSTER", "SETSLOT", slot, "NODE", to.id);
}

function nodeAt(nodes: readonly Node[], port: number): Node {
  return nodes.find((node) => node.port === port) ?? unknownPort(port);
}

function unknownPort(port: number): never {
  throw new Error(`no node of this Cluster has the port ${port}`);
}
