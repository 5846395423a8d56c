import type { ContenderName } from "../contenders/contender.js";
import type { Figures } from "../measure/rounds.js";
import type { BenchResult } from "../results/bench-result.js";

/** What is played. */
export interface Mix {
  /** Live games, of which Redis keeps copies. */
  readonly games: number;
  readonly actionsPerSecond: number;
  /** Share of the actions that end a turn, and are durable before they are answered. */
  readonly turnShare: number;
  /** Games that begin, and end, in a day. */
  readonly gamesPerDay: number;
}

/** What one operation takes, from the rows of a result with states of 4 KB. */
export interface Costs {
  readonly action: Figures;
  readonly turn: Figures;
  readonly creation: Figures;
  readonly end: Figures;
  readonly flush: Figures;
}

/** What a part of a machine does at most: the rest is left for peaks. */
export const busyShare = 0.6;
const secondsPerDay = 86_400;

export interface Need {
  readonly part: string;
  readonly amount: number;
  readonly unit: string;
  /** What one of its kind gives; where `amount` is above it, the part has to be split, or is the wall. */
  readonly one: number;
  readonly split: string;
}

/** @throws RangeError if a row is missing */
export function costsOf({ rows }: BenchResult): Costs {
  const figuresOf = (row: string, label: string): Figures => {
    const found = rows.find(({ name }) => name === row)?.cases.find((one) => one.label.startsWith(label));
    const names: readonly ContenderName[] = ["turns", "turnkeep"];
    const figures = names.map((name) => found?.contenders[name]).find((one) => one !== undefined);
    if (figures === undefined) throw new RangeError(`the result has no row ${row} with a case ${label}`);
    return figures;
  };
  return {
    action: figuresOf("action", "4 KB, 64 at once"),
    turn: figuresOf("turn", "4 KB, 64 at once"),
    creation: figuresOf("create", "4 KB, 64 at once"),
    end: figuresOf("end", "4 KB, 10 entries"),
    flush: figuresOf("flush", "4 KB"),
  };
}

/** What a mix needs, part by part, the scarcest first: what it has to be divided by, or what stands in its way. */
export function needsOf(mix: Mix, costs: Costs): readonly Need[] {
  const turns = mix.actionsPerSecond * mix.turnShare;
  const actions = mix.actionsPerSecond - turns;
  const begun = mix.gamesPerDay / secondsPerDay;
  // At worst each action within a turn is flushed by itself: a second passes between two actions of one game.
  const rates: readonly (readonly [rate: number, costs: Figures])[] = [
    [actions, costs.action],
    [actions, costs.flush],
    [turns, costs.turn],
    [begun, costs.creation],
    [begun, costs.end],
  ];
  const sum = (of: (figures: Figures) => number) =>
    rates.reduce((total, [rate, figures]) => total + rate * of(figures), 0);
  const cores = (microseconds: number) => microseconds / 1_000_000 / busyShare;
  const commits = turns + 2 * begun + actions / 50;
  const needs: Need[] = [
    {
      part: "servers (CPU of the processes that call Turnkeep)",
      amount: cores(sum(({ clientCpuUs }) => clientCpuUs)),
      unit: "cores",
      one: 1,
      split: "one process a core, any number of them",
    },
    {
      part: "Redis (CPU)",
      amount: cores(sum(({ redisCpuUs }) => redisCpuUs)),
      unit: "cores",
      one: 1,
      split: "one shard of a Cluster a core",
    },
    {
      part: "Redis (memory)",
      amount: (mix.games * costs.creation.redisBytes) / 1e9,
      unit: "GB",
      one: 25,
      split: "one shard for each 25 GB, so that a replica can follow",
    },
    {
      part: "Postgres (CPU)",
      amount: cores(sum(({ postgresCpuUs }) => postgresCpuUs)),
      unit: "cores",
      one: 32,
      split: "one primary; past it, one deployment for each part of the games",
    },
    {
      part: "Postgres (write-ahead log)",
      amount: sum(({ walBytes }) => walBytes) / 1e6,
      unit: "MB/s",
      one: 200,
      split: "one primary; past it, one deployment for each part of the games",
    },
    {
      part: "Postgres (commits)",
      amount: commits,
      unit: "a second",
      one: 10_000,
      split: "commits share an fsync; a log device that syncs in 1 ms carries about so many",
    },
  ];
  return needs.sort((a, b) => b.amount / b.one - a.amount / a.one);
}

/** The first wall: what cannot be split among more of its kind in one deployment. */
export const wallOf = (needs: readonly Need[]): Need | undefined =>
  needs.find(({ part }) => part.startsWith("Postgres"));
