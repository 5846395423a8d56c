import { readdirSync, readFileSync } from "node:fs";

/** Ticks of the kernel's clock a second, as `getconf CLK_TCK` says on every Linux in use. */
const ticksPerSecond = 100;

/** CPU time of this process, in µs. */
export function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time of a process and of all its children, the ended ones included, in µs; 0 where there is no /proc. */
export function cpuOfFamilyUs(pid: number): number {
  try {
    return [pid, ...childrenOf(pid)].reduce((sum, member) => sum + ticksOf(member), 0) * (1_000_000 / ticksPerSecond);
  } catch {
    return 0;
  }
}

function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return Number(utime) + Number(stime) + Number(cutime) + Number(cstime);
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
    .filter(Boolean)
    .map(Number);
}
