import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { beforeEach, expect, test, vi } from "vitest";
import type { Task } from "../tasks/task.js";
import { type Gate, TaskRunner, type TaskRunnerOptions } from "./task-runner.js";

let runtime = createVirtualRuntime();
beforeEach(() => {
  runtime = createVirtualRuntime();
});

const open: Gate = { opened: () => Promise.resolve() };
const logger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });
const nothing = { done: 0, failed: 0 };
const outage = () => new TurnkeepError("StoreUnavailable", "the store is away", { fate: "notDone" });

function runner(tasks: readonly Task[], options: Partial<TaskRunnerOptions> = {}): TaskRunner {
  const defaults = { logger: logger(), gate: open, runtime, pauses: { firstMs: 100, longestMs: 1_000 } };
  return new TaskRunner(tasks, { ...defaults, ...options });
}

/** A task that counts its rounds and does the given work. */
function task(name: string, everyMs: number, work: (signal: AbortSignal) => Promise<void> = async () => undefined) {
  const run = vi.fn(async (signal: AbortSignal) => {
    await work(signal);
    return nothing;
  });
  return { name, everyMs, run };
}

test("each task runs at once and then in its own interval", async () => {
  const [often, seldom] = [task("often", 100), task("seldom", 1_000)];
  const running = runner([often, seldom]);
  const ended = running.run();
  await runtime.advance(1_050);
  expect(often.run).toHaveBeenCalledTimes(11);
  expect(seldom.run).toHaveBeenCalledTimes(2);
  await running.drain();
  await ended;
  await runtime.advance(5_000);
  expect(often.run).toHaveBeenCalledTimes(11);
});

test("a failing task is reported and stops no other", async () => {
  const log = logger();
  const bad = task("bad", 100, () => Promise.reject(new Error("no")));
  const good = task("good", 100);
  const running = runner([bad, good], { logger: log });
  void running.run();
  await runtime.advance(1_000);
  expect(good.run).toHaveBeenCalledTimes(11);
  expect(log.error).toHaveBeenCalledWith(expect.objectContaining({ task: "bad", failedInARow: 1 }), "round failed");
  expect(running.status()[0]).toMatchObject({ name: "bad", lastResult: null });
  await running.stop();
});

test("a slow task holds up no other", async () => {
  const slow = task("slow", 100, () => new Promise((resolve) => void runtime.schedule(resolve, 60_000)));
  const quick = task("quick", 100);
  const running = runner([slow, quick]);
  void running.run();
  await runtime.advance(1_000);
  expect(quick.run).toHaveBeenCalledTimes(11);
  expect(slow.run).toHaveBeenCalledTimes(1);
});

test("after outages it waits twice as long each time, up to the bound, and recovers", async () => {
  const log = logger();
  let away = true;
  const flaky = task("flaky", 10, () => (away ? Promise.reject(outage()) : Promise.resolve()));
  const running = runner([flaky], { logger: log, runtime: { ...runtime, random: () => 0 } });
  void running.run();
  // Rounds at 0, 100, 300, 700, 1500, 2500, …: never more than 1000 apart.
  await runtime.advance(1_499);
  expect(flaky.run).toHaveBeenCalledTimes(4);
  await runtime.advance(1_001);
  expect(flaky.run).toHaveBeenCalledTimes(6);
  expect(log.warn).toHaveBeenCalledTimes(1);
  expect(log.error).not.toHaveBeenCalled();
  away = false;
  await runtime.advance(1_000);
  expect(running.status()[0]).toMatchObject({ failedInARow: 0, lastResult: nothing });
  const before = flaky.run.mock.calls.length;
  await runtime.advance(100);
  expect(flaky.run.mock.calls.length - before).toBe(10);
  await running.stop();
});

test("no round begins before the gate opens, and a closed gate does not keep the runner from ending", async () => {
  let openGate = () => {};
  const gate: Gate = {
    opened: (signal) =>
      new Promise((resolve) => {
        openGate = resolve;
        signal.addEventListener("abort", () => resolve());
      }),
  };
  const waiting = task("waiting", 100);
  const running = runner([waiting], { gate });
  const ended = running.run();
  await runtime.advance(1_000);
  expect(waiting.run).not.toHaveBeenCalled();
  openGate();
  await runtime.advance(1_000);
  expect(waiting.run).toHaveBeenCalledTimes(1);
  await running.drain();
  await ended;
  expect(waiting.run).toHaveBeenCalledTimes(1);
});

test("draining waits for the round under way; stopping aborts it without calling that a failure", async () => {
  const log = logger();
  let finish = () => {};
  const patient = task("patient", 100, (signal) => {
    return new Promise((resolve, reject) => {
      finish = resolve;
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  });
  const draining = runner([patient], { logger: log });
  void draining.run();
  await runtime.advance(1);
  let drained = false;
  const drain = draining.drain().then(() => {
    drained = true;
  });
  await runtime.advance(10_000);
  expect(drained).toBe(false);
  finish();
  await drain;

  const stopping = runner([patient], { logger: log });
  const ended = stopping.run();
  await runtime.advance(1);
  await stopping.stop();
  await ended;
  expect(log.error).not.toHaveBeenCalled();
});

test("a hurried task begins its next round now; one that starts later waits first", async () => {
  const rare = { ...task("rare", 60_000), startsLater: true };
  const running = runner([rare]);
  void running.run();
  await runtime.advance(1_000);
  expect(rare.run).not.toHaveBeenCalled();
  running.hurry("rare");
  await runtime.advance(1);
  expect(rare.run).toHaveBeenCalledTimes(1);
  await runtime.advance(59_000);
  expect(rare.run).toHaveBeenCalledTimes(1);
  await running.stop();
});

test("a task's work adds up, and its age counts from the last round that went through, here or elsewhere", async () => {
  let fails = false;
  const run = async () => {
    if (fails) throw new Error("no");
    return { done: 3, failed: 1 };
  };
  const running = runner([{ name: "sweep", everyMs: 1_000, startsLater: true, run }]);
  const status = () => running.status()[0];
  void running.run();
  expect(status()).toMatchObject({ total: nothing, succeededAgoMs: null });
  running.succeeded("sweep", { done: 7, failed: 0 });
  await runtime.advance(400);
  expect(status()).toMatchObject({ rounds: 0, total: { done: 7, failed: 0 }, succeededAgoMs: 400 });
  await runtime.advance(1_700);
  expect(status()).toMatchObject({ rounds: 2, total: { done: 13, failed: 2 }, succeededAgoMs: 100 });
  fails = true;
  await runtime.advance(5_000);
  expect(status()).toMatchObject({ total: { done: 13, failed: 2 }, succeededAgoMs: 5_100 });
  await running.stop();
});
