import type { BenchResult } from "../results/bench-result.js";
import { markdownTable } from "../results/markdown-table.js";
import { busyShare, costsOf, type Mix, type Need, needsOf, wallOf } from "./capacity.js";
import { namedMixes } from "./mixes.js";

const amountOf = ({ amount, unit }: Need) =>
  `${amount >= 100 ? Math.round(amount).toLocaleString("en") : Number(amount.toPrecision(2))} ${unit}`;

const linesOf = (needs: readonly Need[]) =>
  needs.map((need) => [need.part, amountOf(need), `${need.one.toLocaleString("en")} ${need.unit}`, need.split]);

const head = ["part", "needed", "one gives", "past it"];

/** What one mix needs, as lines of text. */
export function describeMix(mix: Mix, result: BenchResult): string {
  const needs = needsOf(mix, costsOf(result));
  return markdownTable(head, linesOf(needs));
}

/** docs/capacity.md: all figures follow from the result. */
export function capacityReport(result: BenchResult, source: string): string {
  const costs = costsOf(result);
  const sections = namedMixes.map(({ title, mix }) => {
    const needs = needsOf(mix, costs);
    const wall = wallOf(needs);
    const share = wall === undefined ? 0 : wall.amount / wall.one;
    const verdict =
      share > 1
        ? `The first wall is ${wall?.part}: ${share.toFixed(1)} times what one gives, so the games have to be divided among deployments.`
        : `No wall: ${wall?.part} is the nearest, at ${Math.round(share * 100)} % of what one gives.`;
    return [`## ${title}`, markdownTable(head, linesOf(needs)), verdict].join("\n\n");
  });
  return `${[
    "# Capacity",
    `What many games need, computed from [measured figures](../${source}) of states of 4 KB with 64 operations at once: CPU time, bytes of the write-ahead log and memory of each operation, times how often it happens. A part is planned to be busy for ${busyShare * 100} % of its time. This page is written by \`npm run bench -- --report ${source}\`.`,
    "Other mixes:",
    "```sh\nnpm run bench -- --capacity bench/results/standard.json --mix games=200000,actionsPerSecond=9000,turnShare=0.5,gamesPerDay=1000000\n```",
    "How it counts: each action within a turn is flushed by itself, as where a game sees one action a second or less; a game that is played faster needs fewer flushes. Creation and end are counted once a game. What one part gives (a Redis core, 25 GB a shard, a Postgres of 32 cores that writes 200 MB of log a second) is an assumption about common machines, everything else is measured; the machine of the measurements is in [performance](performance.md). Servers and Redis shards are added as needed. One Postgres primary takes the writes of a deployment, so it is where the first wall stands; past it games are divided among deployments, which know nothing of each other.",
    ...sections,
  ].join("\n\n")}\n`;
}
