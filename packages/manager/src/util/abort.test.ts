import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { unlessAborted, unlessLate } from "./abort.js";

const never = new Promise<never>(() => {});
const abortedAs = (fate: string) => ({ code: "Aborted", details: { fate } });

test("a promise that is awaited under a signal ends as it would, or is aborted with the fate that was asked for", async () => {
  const controller = new AbortController();
  expect(await unlessAborted(Promise.resolve("done"), controller.signal)).toBe("done");
  await expect(unlessAborted(Promise.reject(new Error("no")), controller.signal)).rejects.toThrow("no");
  const waits = [unlessAborted(never, controller.signal), unlessAborted(never, controller.signal, "unknown")];
  controller.abort();
  const late = unlessAborted(Promise.reject(new Error("too late to matter")), controller.signal);
  await expect(waits[0]).rejects.toMatchObject(abortedAs("notDone"));
  await expect(waits[1]).rejects.toMatchObject(abortedAs("unknown"));
  await expect(late).rejects.toMatchObject(abortedAs("notDone"));
});

test("work that ends in time leaves no timer behind, and work that does not fails at that moment", async () => {
  const runtime = createVirtualRuntime();
  const late = () => new Error("late");
  expect(await unlessLate(Promise.resolve("done"), runtime, 100, late)).toBe("done");
  await expect(unlessLate(Promise.reject(new Error("no")), runtime, 100, late)).rejects.toThrow("no");
  expect(runtime.untilNextTimerMs()).toBeNull();
  const waiting = unlessLate(never, runtime, 100, late).catch(() => runtime.monotonicMs());
  await runtime.advance(1_000);
  expect(await waiting).toBe(100);
});
