import type { Runtime } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import { beforeStop } from "@turnkeep/service-kit";
import { table } from "./command-line/table.js";
import type { Config } from "./config.js";
import { type Parts, startParts } from "./parts.js";
import { type ProgressStream, recoveryProgress } from "./report/progress.js";
import { allTasks } from "./tasks/index.js";
import type { Task } from "./tasks/task.js";

/** What one task did. `error` is the message of the error that made the round fail. */
export interface TaskSummary {
  readonly task: string;
  readonly done: number;
  readonly failed: number;
  readonly tookMs: number;
  readonly error: string | null;
}

/** True if every round succeeded, for every game. */
export function allWell(summaries: readonly TaskSummary[]): boolean {
  return summaries.every(({ failed, error }) => failed === 0 && error === null);
}

export interface OnceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly progress: ProgressStream;
  readonly compose: () => Parts;
  readonly runtime: Runtime;
}

/**
 * One round of every task, one after the other, without the lease; after a failing one the next runs all the same.
 * @throws Misconfigured, StoreUnavailable, CacheUnavailable if the stores cannot be reached at all
 */
export async function runOnce(options: OnceOptions, signal: AbortSignal): Promise<readonly TaskSummary[]> {
  const parts = await beforeStop(startParts(options.compose), signal);
  if (parts === null) return [{ task: "start", done: 0, failed: 0, tookMs: 0, error: "interrupted" }];
  try {
    const onProgress = recoveryProgress(options.progress, options.logger);
    const { recover, others } = allTasks(parts, options.config, onProgress);
    const summaries: TaskSummary[] = [];
    for (const task of [recover, ...others]) summaries.push(await summarise(task, options, signal));
    return summaries;
  } finally {
    await parts.manager.close();
  }
}

async function summarise(
  task: Task,
  { logger, runtime }: Pick<OnceOptions, "logger" | "runtime">,
  signal: AbortSignal,
): Promise<TaskSummary> {
  const beganAt = runtime.monotonicMs();
  const took = () => Math.round(runtime.monotonicMs() - beganAt);
  if (signal.aborted) return { task: task.name, done: 0, failed: 0, tookMs: 0, error: "interrupted" };
  try {
    const { done, failed } = await task.run(signal);
    return { task: task.name, done, failed, tookMs: took(), error: null };
  } catch (error) {
    logger.error({ task: task.name, err: error }, "round failed");
    const message = error instanceof Error ? error.message : String(error);
    return { task: task.name, done: 0, failed: 0, tookMs: took(), error: message };
  }
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
