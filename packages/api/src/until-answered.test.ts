import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test, vi } from "vitest";
import { isFinal, Refusal, Unanswered } from "./errors.js";
import { untilAnswered } from "./until-answered.js";

const silence = new Unanswered("no answer in time");
/** Fails with these errors, one after the other, then gives 7. */
const failing = (...errors: unknown[]) =>
  vi.fn(async (_attempt: number) => {
    if (errors.length > 0) throw errors.shift();
    return 7;
  });

test("what gets no answer is repeated until it does, after pauses that grow", async () => {
  const runtime = createVirtualRuntime();
  const work = failing(silence, new Refusal(503, "StoreUnavailable", ""), silence);
  const retries: unknown[] = [];
  const startedAt: number[] = [];
  const done = untilAnswered(
    (attempt) => {
      startedAt.push(runtime.monotonicMs());
      return work(attempt);
    },
    { runtime, onRetry: (error) => retries.push(error) },
  );
  await runtime.advance(10_000);
  expect(await done).toBe(7);
  expect(work.mock.calls).toEqual([[1], [2], [3], [4]]);
  expect(retries).toHaveLength(3);
  const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
  for (const [index, pauseMs] of pauses.entries()) {
    expect(pauseMs).toBeGreaterThanOrEqual(125 * 2 ** index);
    expect(pauseMs).toBeLessThanOrEqual(250 * 2 ** index);
  }
});

test("a final refusal is thrown at once", async () => {
  const refused = new Refusal(409, "RevisionConflict", "");
  const work = failing(refused);
  await expect(untilAnswered(work)).rejects.toBe(refused);
  expect(work).toHaveBeenCalledTimes(1);
});

test("a server that fails in the same way again and again is not asked for ever", async () => {
  const runtime = createVirtualRuntime();
  const work = failing(...Array.from({ length: 9 }, () => new Refusal(500, "InternalError", "")));
  const done = expect(untilAnswered(work, { runtime })).rejects.toMatchObject({ code: "InternalError" });
  await runtime.advance(60_000);
  await done;
  expect(work).toHaveBeenCalledTimes(4);
});

test("once the signal fires no further attempt follows, and the pause ends", async () => {
  const runtime = createVirtualRuntime();
  const stop = new AbortController();
  const work = failing(silence, silence, silence);
  const done = expect(untilAnswered(work, { runtime, signal: stop.signal })).rejects.toBe(silence);
  await runtime.runReady();
  stop.abort();
  await done;
  expect(work).toHaveBeenCalledTimes(2);
  expect(runtime.untilNextTimerMs()).toBeNull();
});

test("a missing answer, too many requests and a server's own trouble are not final; every other answer is", () => {
  expect(isFinal(silence)).toBe(false);
  for (const status of [408, 429, 500, 503]) expect(isFinal(new Refusal(status, "", ""))).toBe(false);
  for (const status of [400, 401, 404, 409, 422]) expect(isFinal(new Refusal(status, "", ""))).toBe(true);
  expect(isFinal(new Error("a bug"))).toBe(true);
});
