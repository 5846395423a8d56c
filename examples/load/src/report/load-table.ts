import type { LoadResult } from "../run/run-load.js";
import type { Spread } from "./percentiles.js";

const ms = (value: number) => value.toFixed(1).padStart(9);
const row = (name: string, { count, p50, p95, p99, max }: Spread) =>
  `  ${name.padEnd(30)}${String(count).padStart(9)}${ms(p50)}${ms(p95)}${ms(p99)}${ms(max)}`;

const counted = (name: string, counts: Readonly<Record<string, number>>) => {
  const each = Object.entries(counts).map(([code, count]) => `${code} ${count}`);
  return `  ${name.padEnd(30)}${each.length === 0 ? "0".padStart(9) : `   ${each.join(", ")}`}`;
};

/** What was measured, for people to read. */
export function loadTable(result: LoadResult): string {
  const { matches, actions, actionsPerSecond, retries, errors, servers, clientDelayP99Ms } = result;
  return [
    `  ${"matches".padEnd(30)}${String(matches).padStart(9)}`,
    `  ${"actions".padEnd(30)}${String(actions).padStart(9)}   ${actionsPerSecond.toFixed(0)} a second while measured`,
    counted("retries", retries),
    counted("errors", errors),
    "",
    `  ${"in ms".padEnd(30)}${["count", "p50", "p95", "p99", "max"].map((name) => name.padStart(9)).join("")}`,
    row("an action over WebSocket", result.action),
    row("  within a turn, writeBehind", result.writeBehind),
    row("  a turn's last, durable", result.durable),
    row("giving up, in the end", result.end),
    row("until the opponent is shown it", result.push),
    "",
    ...servers.map(
      ({ cpu, residentMb, loopLagP99Ms }, index) =>
        `  server ${index + 1}: ${(cpu * 100).toFixed(0)} % of a core, ${residentMb.toFixed(0)} MiB, event loop ${loopLagP99Ms.toFixed(1)} ms late (p99)`,
    ),
    `  the players' own processes ran up to ${clientDelayP99Ms.toFixed(1)} ms late (p99), which is in all figures`,
  ].join("\n");
}
