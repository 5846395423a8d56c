import { inOrder } from "../run-rows.js";
import type { BenchResult, SavedRow } from "./bench-result.js";
import { contenderTitles } from "./table.js";

/** A ratio that has fallen by more than this share is named. */
const largestFall = 0.25;

/**
 * Names each ratio to the limit that has fallen by more than a quarter, in the cases that both results have. What the
 * limit and the usual design did does not matter.
 */
export function falls(before: BenchResult, now: BenchResult): readonly string[] {
  return now.rows.flatMap((row) => {
    const earlier = before.rows.find(({ name }) => name === row.name);
    return earlier === undefined ? [] : fallsOfRow(earlier, row);
  });
}

function fallsOfRow(before: SavedRow, now: SavedRow): readonly string[] {
  return now.cases.flatMap(({ label, contenders }) => {
    const earlier = before.cases.find((one) => one.label === label)?.contenders ?? {};
    return inOrder(contenders).flatMap(({ name, figures }) => {
      if (name !== "turnkeep" && name !== "every" && name !== "turns") return [];
      const [was, is] = [earlier[name]?.toLimit ?? null, figures.toLimit];
      if (was === null || is === null || is >= was * (1 - largestFall)) return [];
      const line = `${now.name}, ${label}, ${contenderTitles[name]}: ${was.toFixed(2)} → ${is.toFixed(2)} of the limit`;
      return [line];
    });
  });
}

/** How many cases both have: none would make a comparison that finds nothing. */
export const casesInCommon = (before: BenchResult, now: BenchResult): number =>
  now.rows.reduce((sum, row) => {
    const labels = before.rows.find(({ name }) => name === row.name)?.cases.map(({ label }) => label) ?? [];
    return sum + row.cases.filter(({ label }) => labels.includes(label)).length;
  }, 0);
