import type { TaskSummary } from "@turnkeep/daemon";
import { table } from "./command-line/table.js";

/** True if every round succeeded, for every game. */
export function allWell(summaries: readonly TaskSummary[]): boolean {
  return summaries.every(({ failed, error }) => failed === 0 && error === null);
}

/** The summary as a table for people. */
export function summaryTable(summaries: readonly TaskSummary[]): string {
  const rows = summaries.map(({ task, done, failed, tookMs, error }) => [
    task,
    `${done}`,
    `${failed}`,
    `${tookMs}`,
    error ?? "ok",
  ]);
  return table([["task", "done", "failed", "ms", ""], ...rows], [1, 2, 3]);
}
