import { isTurnkeepError, pauseAfter, sleep } from "@turnkeep/core";
import type { Task, TaskResult } from "../tasks/task.js";
import type { Backoff } from "./retry.js";

/** What must hold before a round begins; the lease. */
export interface Gate {
  /** Resolves once rounds may begin, or as soon as the signal fires. */
  opened(signal: AbortSignal): Promise<void>;
}

export interface TaskRunnerOptions extends Backoff {
  readonly gate: Gate;
}

/** How a task is doing, for health endpoints and metrics. */
export interface TaskStatus {
  readonly name: string;
  readonly rounds: number;
  readonly failedInARow: number;
  readonly lastResult: TaskResult | null;
  /** What all rounds of this process did together. */
  readonly total: TaskResult;
  /** How long ago a round last went through here, in ms; `null` if none has. */
  readonly succeededAgoMs: number | null;
}

/** True if waiting helps: the store or the cache does not answer. */
function isOutage(error: unknown): boolean {
  return isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
}

/**
 * Runs every task in a loop of its own, so that neither a slow nor a failing one delays the others.
 *
 *     new ──run──> running ──drain──> draining ──rounds under way end──> stopped
 *                     └──────stop (aborts the rounds under way)────────────┘
 *
 * After a failure a task waits twice as long each time, from the first pause (or its interval, if that is longer)
 * to the longest, up to half of it left off; the first round that succeeds resets that.
 */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #loops: readonly TaskLoop[];
  readonly #noMore = new AbortController();
  readonly #abort = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(tasks: readonly Task[], options: TaskRunnerOptions) {
    this.#options = options;
    this.#loops = tasks.map((task) => new TaskLoop(task, this.#options));
  }

  /** Starts all loops; resolves when all have ended, after `drain` or `stop`. Never rejects. */
  run(): Promise<void> {
    const loops = this.#loops.map((loop) => loop.run(this.#noMore.signal, this.#abort.signal));
    this.#ended = Promise.all(loops).then(() => undefined);
    return this.#ended;
  }

  /** Begins no further round, and waits for the rounds under way. */
  async drain(): Promise<void> {
    this.#noMore.abort();
    await this.#ended;
  }

  /** As `drain`, and aborts the rounds under way. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.drain();
  }

  /** Lets a task that pauses between two rounds begin the next one now; one that backs off goes on backing off. */
  hurry(name: string): void {
    for (const loop of this.#loops) if (loop.name === name) loop.hurry();
  }

  /** Counts a round of this task that went through elsewhere, such as the recovery at the start. */
  succeeded(name: string, result: TaskResult): void {
    for (const loop of this.#loops) if (loop.name === name) loop.succeeded(result);
  }

  status(): readonly TaskStatus[] {
    return this.#loops.map((loop) => loop.status());
  }
}

class TaskLoop {
  readonly #task: Task;
  readonly #options: TaskRunnerOptions;
  #rounds = 0;
  #failedInARow = 0;
  #lastResult: TaskResult | null = null;
  #total: TaskResult = { done: 0, failed: 0 };
  #succeededAtMs: number | null = null;
  #hurry = new AbortController();

  constructor(task: Task, options: TaskRunnerOptions) {
    this.#task = task;
    this.#options = options;
  }

  async run(noMore: AbortSignal, abort: AbortSignal): Promise<void> {
    const { gate } = this.#options;
    if (this.#task.startsLater) await this.#pause(noMore);
    while (!noMore.aborted) {
      await gate.opened(noMore);
      if (noMore.aborted) return;
      await this.#round(abort);
      await this.#pause(noMore);
    }
  }

  get name(): string {
    return this.#task.name;
  }

  hurry(): void {
    if (this.#failedInARow === 0) this.#hurry.abort();
  }

  status(): TaskStatus {
    const at = this.#succeededAtMs;
    return {
      name: this.#task.name,
      rounds: this.#rounds,
      failedInARow: this.#failedInARow,
      lastResult: this.#lastResult,
      total: this.#total,
      succeededAgoMs: at === null ? null : this.#options.runtime.monotonicMs() - at,
    };
  }

  succeeded(result: TaskResult): void {
    this.#lastResult = result;
    this.#total = { done: this.#total.done + result.done, failed: this.#total.failed + result.failed };
    this.#succeededAtMs = this.#options.runtime.monotonicMs();
    this.#failedInARow = 0;
  }

  async #round(abort: AbortSignal): Promise<void> {
    const task = this.#task.name;
    const beganAt = this.#options.runtime.monotonicMs();
    this.#rounds += 1;
    try {
      const result = await this.#task.run(abort);
      const fields = { task, ...result, tookMs: Math.round(this.#options.runtime.monotonicMs() - beganAt) };
      const isNews = result.done + result.failed > 0 || this.#failedInARow > 0;
      this.#options.logger[isNews ? "info" : "debug"](fields, "round done");
      this.succeeded(result);
    } catch (error) {
      if (abort.aborted) return;
      this.#failedInARow += 1;
      const fields = { task, err: error, failedInARow: this.#failedInARow };
      if (!isOutage(error)) this.#options.logger.error(fields, "round failed");
      else if (this.#failedInARow === 1) this.#options.logger.warn(fields, "round failed: a store is away");
      else this.#options.logger.debug(fields, "round failed: a store is still away");
    }
  }

  async #pause(noMore: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([noMore, this.#hurry.signal]);
    await sleep(this.#options.runtime, this.#pauseMs(), { signal });
    if (this.#hurry.signal.aborted) this.#hurry = new AbortController();
  }

  #pauseMs(): number {
    const { everyMs } = this.#task;
    if (this.#failedInARow === 0) return everyMs;
    const { pauses, runtime } = this.#options;
    return pauseAfter(this.#failedInARow, { ...pauses, firstMs: Math.max(pauses.firstMs, everyMs) }, runtime);
  }
}
