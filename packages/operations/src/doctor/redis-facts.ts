import type { Runtime } from "@turnkeep/core";

/** A master of a Redis, as a connection to it sees it. */
export interface RedisMaster {
  /** Empty where there is only one. */
  readonly name: string;
  send(command: string, ...args: readonly string[]): Promise<unknown>;
}

/** What one master says of itself. */
export interface RedisFacts {
  readonly name: string;
  readonly info: ReadonlyMap<string, string>;
  /** `null` where the user may not read the configuration. */
  readonly config: ReadonlyMap<string, string> | null;
  /** Whether a script may read the replication id. */
  readonly scriptsReadInfo: boolean;
  /** How far its clock is ahead of this process's monotonic one, in ms, and how wrong that may be. */
  readonly clock: ClockOffset;
  /** Whose keys the prefix has; `null` where nobody's, or on a Cluster. */
  readonly owner: string | null;
}

export interface ClockOffset {
  readonly aheadMs: number;
  readonly errorMs: number;
}

/** @throws what `ask` throws */
export async function clockOffset(
  runtime: Pick<Runtime, "monotonicMs">,
  ask: () => Promise<number>,
): Promise<ClockOffset> {
  const began = runtime.monotonicMs();
  const there = await ask();
  const errorMs = (runtime.monotonicMs() - began) / 2;
  return { aheadMs: there - began - errorMs, errorMs };
}

const sections = ["server", "clients", "memory", "persistence", "replication", "cluster"];
const configured = ["appendfsync", "timeout", "min-replicas-to-write", "lua-time-limit"];

/** Reads alone. What the user may not ask is left out. @throws what `send` throws once Redis does not answer at all */
export async function collectRedisFacts(
  master: RedisMaster,
  keyPrefix: string,
  runtime: Pick<Runtime, "monotonicMs">,
): Promise<RedisFacts> {
  const clock = await clockOffset(runtime, async () => {
    const [seconds, micros] = (await master.send("TIME")) as readonly string[];
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  });
  const texts = await Promise.all(sections.map((section) => master.send("INFO", section).catch(() => "")));
  const info = readInfo(texts.map(String).join("\r\n"));
  const script = "return redis.pcall('INFO', 'replication')";
  const [config, seen, owner] = await Promise.all([
    master.send("CONFIG", "GET", ...configured).then(readPairs, () => null),
    master.send("EVAL", script, "0").then(String, () => ""),
    info.get("cluster_enabled") === "1" ? null : master.send("GET", `${keyPrefix}deployment:{0}`).catch(() => null),
  ]);
  const scriptsReadInfo = seen.includes("master_replid:");
  return { name: master.name, info, config, scriptsReadInfo, clock, owner: owner === null ? null : String(owner) };
}

function readInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split("\r\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
  });
  return new Map(pairs);
}

function readPairs(reply: unknown): ReadonlyMap<string, string> {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(flat.flatMap((name, place) => (place % 2 === 0 ? [[name, flat[place + 1] ?? ""] as const] : [])));
}
