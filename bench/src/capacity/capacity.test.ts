import { expect, test } from "vitest";
import type { Figures } from "../measure/rounds.js";
import { type Costs, needsOf, wallOf } from "./capacity.js";
import { namedMixes, parseMix } from "./mixes.js";

const figures = (change: Partial<Figures>): Figures => ({
  opsPerSecond: 1,
  p50Ms: 1,
  p99Ms: 1,
  clientCpuUs: 0,
  redisCpuUs: 0,
  postgresCpuUs: 0,
  roundTrips: 1,
  bytesSent: 1,
  bytesReceived: 1,
  walBytes: 0,
  redisBytes: 0,
  toLimit: 1,
  toNaive: 1,
  ...change,
});

const costs: Costs = {
  action: figures({ clientCpuUs: 60, redisCpuUs: 30 }),
  turn: figures({ clientCpuUs: 300, redisCpuUs: 60, postgresCpuUs: 120, walBytes: 1_000 }),
  creation: figures({ redisBytes: 6_000 }),
  end: figures({}),
  flush: figures({}),
};

test("a mix needs what its operations take, times how often they happen", () => {
  const needs = needsOf({ games: 1_000_000, actionsPerSecond: 10_000, turnShare: 0.5, gamesPerDay: 0 }, costs);
  const amounts = Object.fromEntries(needs.map(({ part, amount }) => [part.split(" (")[0] + part.slice(-5), amount]));
  expect(amounts["serverskeep)"]).toBeCloseTo((5_000 * 60 + 5_000 * 300) / 1e6 / 0.6);
  expect(amounts["Redis(CPU)"]).toBeCloseTo((5_000 * 30 + 5_000 * 60) / 1e6 / 0.6);
  expect(amounts["Redismory)"]).toBeCloseTo(6);
  expect(amounts["Postgres log)"]).toBeCloseTo(5);
  expect(wallOf(needs)?.part).toContain("Postgres");
});

test("a mix is given by name; what it leaves out is that of a million games, what it does not know is refused", () => {
  expect(parseMix("games=5,turnShare=1")).toEqual({ ...namedMixes[0]?.mix, games: 5, turnShare: 1 });
  expect(() => parseMix("moves=5")).toThrow("moves=5 is not understood");
  expect(() => parseMix("games=many")).toThrow("not understood");
});
