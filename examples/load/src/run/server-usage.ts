/** What a server has used so far, as its metrics say. */
interface Counted {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly residentMb: number;
  /** Since it was asked last. */
  readonly loopLagP99Ms: number;
}

export interface ServerUsage {
  /** Of one core, from 0 on. */
  readonly cpu: number;
  readonly residentMb: number;
  /** How late its event loop ran: 99 % of the time less. */
  readonly loopLagP99Ms: number;
}

const gauge = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1] ?? Number.NaN);

async function count(metricsUrl: string): Promise<Counted> {
  const text = await (await fetch(metricsUrl, { signal: AbortSignal.timeout(30_000) })).text();
  return {
    atMs: performance.now(),
    cpuSeconds: gauge(text, "process_cpu_seconds_total"),
    residentMb: gauge(text, "process_resident_memory_bytes") / 1_048_576,
    loopLagP99Ms: gauge(text, "nodejs_eventloop_lag_p99_seconds") * 1_000,
  };
}

/** The returned function resolves with what each server has used since. */
export async function measureUsage(metricsUrls: readonly string[]): Promise<() => Promise<readonly ServerUsage[]>> {
  const before = await Promise.all(metricsUrls.map(count));
  return async () => {
    const after = await Promise.all(metricsUrls.map(count));
    return after.map(({ atMs, cpuSeconds, residentMb, loopLagP99Ms }, index) => {
      const since = before[index] ?? { atMs: 0, cpuSeconds: 0 };
      return { cpu: (cpuSeconds - since.cpuSeconds) / ((atMs - since.atMs) / 1_000), residentMb, loopLagP99Ms };
    });
  };
}
