import { expect, test } from "vitest";
import type { ContenderName } from "../contenders/contender.js";
import type { Figures } from "../measure/rounds.js";
import type { BenchResult } from "./bench-result.js";
import { casesInCommon, falls } from "./compare.js";

const figures = (toLimit: number): Figures => ({
  opsPerSecond: 1_000 * toLimit,
  p50Ms: 1,
  p99Ms: 2,
  clientCpuUs: 10,
  redisCpuUs: 10,
  postgresCpuUs: 10,
  roundTrips: 1,
  bytesSent: 100,
  bytesReceived: 100,
  walBytes: 0,
  redisBytes: 0,
  toLimit,
  toNaive: null,
});

function resultWith(label: string, contenders: Partial<Record<ContenderName, Figures>>): BenchResult {
  const machine = { cpu: "", cores: 2, memoryGiB: 1, system: "", node: "", redis: "", postgres: "", compression: "" };
  const run = { date: "2026-11-27T00:00:00.000Z", quick: false, rounds: 5, runMs: 100 };
  const row = { name: "action", title: "An action", against: "", cases: [{ label, contenders }], run };
  return { machine: { ...machine, postgresSettings: {} }, rows: [row] };
}

const before = resultWith("4 KB", { limit: figures(1), naive: figures(1), turns: figures(0.8) });

test("a ratio that has fallen by more than a quarter is named, with both figures", () => {
  const now = resultWith("4 KB", { limit: figures(1), naive: figures(1), turns: figures(0.59) });
  expect(falls(before, now)).toEqual(["action, 4 KB, Turnkeep, turns checked: 0.80 → 0.59 of the limit"]);
});

test("a smaller fall is noise, and what the usual design does is no matter of ours", () => {
  const now = resultWith("4 KB", { limit: figures(1), naive: figures(0.1), turns: figures(0.61) });
  expect(falls(before, now)).toEqual([]);
});

test("cases that only one of the two has are not compared, and it shows how many both have", () => {
  const now = resultWith("20 KB", { limit: figures(1), turns: figures(0.1) });
  expect(falls(before, now)).toEqual([]);
  expect(casesInCommon(before, now)).toBe(0);
  expect(casesInCommon(before, before)).toBe(1);
});
