import type { Runtime } from "@turnkeep/core";
import type { Logger, RecoveryProgress } from "@turnkeep/manager";
import type { Parts } from "./parts.js";
import type { DaemonSettings } from "./settings.js";
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

interface OnceOptions {
  readonly settings: DaemonSettings;
  readonly logger: Logger;
  readonly runtime: Pick<Runtime, "monotonicMs">;
  readonly onProgress: (progress: RecoveryProgress) => void;
}

/** One round of every task, then closes; `parts` are `null` if the signal fired before they had started. */
export async function runOnce(
  parts: Parts | null,
  options: OnceOptions,
  signal: AbortSignal,
): Promise<readonly TaskSummary[]> {
  if (parts === null) return [interrupted("start")];
  try {
    const { recover, others } = allTasks(parts, options.settings, options.onProgress);
    const summaries: TaskSummary[] = [];
    for (const task of [recover, ...others]) summaries.push(await summarise(task, options, signal));
    return summaries;
  } finally {
    await parts.manager.close();
  }
}

function interrupted(task: string): TaskSummary {
  return { task, done: 0, failed: 0, tookMs: 0, error: "interrupted" };
}

async function summarise(
  task: Task,
  { logger, runtime }: Pick<OnceOptions, "logger" | "runtime">,
  signal: AbortSignal,
): Promise<TaskSummary> {
  const beganAt = runtime.monotonicMs();
  const took = () => Math.round(runtime.monotonicMs() - beganAt);
  if (signal.aborted) return interrupted(task.name);
  try {
    const { done, failed } = await task.run(signal);
    return { task: task.name, done, failed, tookMs: took(), error: null };
  } catch (error) {
    logger.error({ task: task.name, err: error }, "round failed");
    const message = error instanceof Error ? error.message : String(error);
    return { task: task.name, done: 0, failed: 0, tookMs: took(), error: message };
  }
}
