import { expect, test } from "vitest";
import type { Figures } from "../measure/rounds.js";
import { reached } from "./goals.js";

const figures = (toLimit: number, extra?: Figures["extra"]): Figures => ({
  opsPerSecond: 1,
  p50Ms: 0,
  p99Ms: 0,
  clientCpuUs: 0,
  redisCpuUs: 0,
  postgresCpuUs: 0,
  roundTrips: 0,
  bytesSent: 0,
  bytesReceived: 0,
  walBytes: 0,
  redisBytes: 0,
  toLimit,
  toNaive: null,
  ...(extra ? { extra } : {}),
});
const recovery = (turnkeep: Figures) => [
  {
    name: "recovery",
    title: "",
    against: "",
    cases: [{ label: "4 KB, 2000 games", contenders: { control: figures(0.99), turnkeep } }],
  },
];

test("recovery has a goal of the limit, and one of a COPY where a run has measured it", () => {
  const both = reached(recovery(figures(0.4, { "to COPY": 0.2 })));
  expect(both.map(({ toLimit, measured, noise }) => [toLimit, measured, noise])).toEqual([
    [0.75, 0.4, 0.99],
    [0.5, 0.2, 0.99],
  ]);
  expect(reached(recovery(figures(0.4))).map(({ measured }) => measured)).toEqual([0.4]);
});
