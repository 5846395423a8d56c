import { readdirSync, readFileSync } from "node:fs";

/** Ticks of the kernel's clock a second, as `getconf CLK_TCK` says on every Linux in use. */
const ticksPerSecond = 100;

/** CPU time of this process, in µs. */
export function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time of each process of a server, in µs, by its id. */
export type FamilyCpu = ReadonlyMap<number, number>;

/** The CPU time of a process and of its children; empty where there is no /proc. */
export function cpuOfFamily(pid: number): FamilyCpu {
  const ids = [pid, ...childrenOf(pid)];
  return new Map(ids.map((id): [number, number] => [id, (ticksOf(id) / ticksPerSecond) * 1_000_000]));
}

/** In µs; what a process that has ended since did is not counted. */
export function cpuSince(before: FamilyCpu, pid: number): number {
  let sum = 0;
  for (const [id, now] of cpuOfFamily(pid)) sum += now - (before.get(id) ?? 0);
  return sum;
}

/** 0 of a process that is gone. */
function ticksOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold spaces.
    const [utime, stime] = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return Number(utime) + Number(stime);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}
