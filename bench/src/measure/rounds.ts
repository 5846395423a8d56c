import type { ContenderName } from "../contenders/contender.js";
import type { BenchServers } from "../servers.js";
import { cpuOfFamily, cpuSince, ownCpuUs } from "./cpu-time.js";
import type { Measured, Sample } from "./operation.js";
import { medianOf, quantileOf } from "./statistics.js";

/** What was measured of one contender; ratios are to the limit in the same round. */
export interface Figures {
  readonly opsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientCpuUs: number;
  readonly redisCpuUs: number;
  readonly postgresCpuUs: number;
  readonly roundTrips: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** What Postgres writes ahead for one operation. */
  readonly walBytes: number;
  /** What Redis keeps more after one operation. */
  readonly redisBytes: number;
  readonly toLimit: number | null;
  readonly toNaive: number | null;
  /** What a row says besides, such as memory; the largest of all rounds. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** What a row with a second limit says besides. */
export const toCopy = "to COPY";

interface Run extends Sample {
  readonly clientCpuUs: number;
  readonly redisCpuUs: number;
  readonly postgresCpuUs: number;
  readonly walBytes: number;
  readonly redisBytes: number;
}

export type Measurements = Readonly<Partial<Record<ContenderName, Figures>>>;

/**
 * Lets the contenders run in turns, so that what the machine does beside them meets all of them alike. The order turns
 * round by round.
 */
export async function measureInRounds(
  contenders: ReadonlyMap<ContenderName, Measured>,
  servers: BenchServers,
  rounds: number,
): Promise<Measurements> {
  const names = [...contenders.keys()];
  const runs = new Map<ContenderName, Run[]>(names.map((name) => [name, []]));
  const traffic = new Map<ContenderName, Awaited<ReturnType<Measured["traffic"]>>>();
  for (const [name, measured] of contenders) {
    traffic.set(name, await measured.traffic());
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length] as ContenderName;
      const measured = contenders.get(name) as Measured;
      await measured.prepare?.();
      runs.get(name)?.push(await runOnce(measured, servers));
    }
  }
  const speeds = (name: ContenderName) =>
    (runs.get(name) ?? []).map(({ operations, elapsedMs }) => (operations / elapsedMs) * 1_000);
  const ratio = (name: ContenderName, to: ContenderName) => {
    const base = speeds(to);
    const ratios = speeds(name).map((speed, round) => speed / (base[round] ?? 0));
    return base.length === 0 ? null : medianOf(ratios.filter(Number.isFinite));
  };
  return Object.fromEntries(
    names.map((name): [ContenderName, Figures] => {
      const own = runs.get(name) ?? [];
      const operations = own.reduce((sum, run) => sum + run.operations, 0);
      const perOperation = (of: (run: Run) => number) =>
        own.reduce((sum, run) => sum + of(run), 0) / Math.max(operations, 1);
      return [
        name,
        {
          opsPerSecond: medianOf(speeds(name)),
          p50Ms: medianOf(own.map(({ latenciesMs }) => quantileOf(latenciesMs, 0.5))),
          p99Ms: medianOf(own.map(({ latenciesMs }) => quantileOf(latenciesMs, 0.99))),
          clientCpuUs: perOperation((run) => run.clientCpuUs),
          redisCpuUs: perOperation((run) => run.redisCpuUs),
          postgresCpuUs: perOperation((run) => run.postgresCpuUs),
          walBytes: perOperation((run) => run.walBytes),
          redisBytes: perOperation((run) => run.redisBytes),
          ...(traffic.get(name) ?? { roundTrips: 0, bytesSent: 0, bytesReceived: 0 }),
          toLimit: ratio(name, "limit"),
          toNaive: ratio(name, "naive"),
          ...extraOf(own, runs.has("copy") ? ratio(name, "copy") : null),
        },
      ];
    }),
  );
}

/** @param share of the second limit, where there is one */
function extraOf(runs: readonly Run[], share: number | null): Pick<Figures, "extra"> {
  const extra: Record<string, number> = share === null ? {} : { [toCopy]: share };
  for (const run of runs) {
    for (const [name, value] of Object.entries(run.extra ?? {})) extra[name] = Math.max(extra[name] ?? 0, value);
  }
  return Object.keys(extra).length === 0 ? {} : { extra };
}

async function runOnce(measured: Measured, { redis, postgres, cache, db }: BenchServers): Promise<Run> {
  const written = () => db.query<{ bytes: string }>("SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes");
  const used = async () => Number(/used_memory:(\d+)/.exec(await cache.info("memory"))?.[1] ?? 0);
  const [wal, memory] = [await written(), await used()];
  const client = ownCpuUs();
  const [inRedis, inPostgres] = [cpuOfFamily(redis.pid), cpuOfFamily(postgres.pid)];
  const sample = await measured.run();
  return {
    ...sample,
    clientCpuUs: sample.clientCpuUs ?? ownCpuUs() - client,
    redisCpuUs: cpuSince(inRedis, redis.pid),
    postgresCpuUs: cpuSince(inPostgres, postgres.pid),
    walBytes: Number((await written()).rows[0]?.bytes) - Number(wal.rows[0]?.bytes),
    redisBytes: (await used()) - memory,
  };
}
