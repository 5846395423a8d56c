import { TurnkeepError } from "@turnkeep/core";
import { beforeEach, expect, test } from "vitest";
import { withBreaker } from "./breaker.js";

let now = 0;
beforeEach(() => {
  now = 0;
});

const trouble = (reason?: "away" | "refused" | "busy") =>
  new TurnkeepError("StoreUnavailable", "it failed", { fate: "unknown", ...(reason && { reason }) });

/** A store of two operations, behind a breaker, and what it was asked. */
function guarded(afterFailures = 3) {
  const asked: string[] = [];
  const told: string[] = [];
  const behaviour: { answer: () => Promise<string> } = { answer: async () => "done" };
  const port = {
    flavour: "plain",
    flush: (item: string, _options?: { transaction?: object }) => {
      asked.push(item);
      return behaviour.answer();
    },
    evict: () => behaviour.answer(),
  };
  const breaker = withBreaker(port, {
    code: "StoreUnavailable",
    afterFailures,
    probeEveryMs: 1_000,
    now: () => now,
    onAway: (error) => told.push(error instanceof Error ? error.message : "away"),
    onBack: () => told.push("back"),
  });
  const fails = (error: Error) => {
    behaviour.answer = () => Promise.reject(error);
  };
  const heals = () => {
    behaviour.answer = async () => "done";
  };
  return { ...breaker, asked, told, behaviour, fails, heals };
}

const leftAlone = { message: "the store is away, and was not asked", details: { fate: "notDone", reason: "away" } };

test("calls pass, with what they answer, and members that are no calls", async () => {
  const { port, asked } = guarded();
  expect(await port.flush("a")).toBe("done");
  expect(port.flavour).toBe("plain");
  expect(port.flush).toBe(port.flush);
  expect(asked).toEqual(["a"]);
});

test("after so many unanswered calls in a row the rest fails at once, unasked, until one gets through", async () => {
  const { port, asked, told, fails, heals, isAway } = guarded();
  fails(trouble("away"));
  for (const item of ["a", "b", "c"]) await expect(port.flush(item)).rejects.toThrow("it failed");
  expect(isAway()).toBe(true);
  await expect(port.flush("d")).rejects.toMatchObject(leftAlone);
  now = 1_001;
  await expect(port.flush("probe")).rejects.toThrow("it failed");
  await expect(port.flush("e")).rejects.toMatchObject(leftAlone);
  heals();
  now = 2_002;
  expect(await port.flush("second probe")).toBe("done");
  expect(await port.flush("f")).toBe("done");
  expect(asked).toEqual(["a", "b", "c", "probe", "second probe", "f"]);
  expect(told).toEqual(["it failed", "back"]);
  expect(isAway()).toBe(false);
});

test("a success in between begins the count anew", async () => {
  const { port, fails, heals, isAway } = guarded();
  for (let n = 0; n < 5; n++) {
    fails(trouble());
    for (const item of ["a", "b"]) await expect(port.flush(item)).rejects.toThrow("it failed");
    heals();
    await port.flush("c");
  }
  expect(isAway()).toBe(false);
});

test.each([
  ["busy", trouble("busy")],
  ["refused", trouble("refused")],
  ["unsound input", new TurnkeepError("InvalidInput", "it failed", { issues: [] })],
  ["a caller's abort", new TurnkeepError("Aborted", "it failed", { fate: "unknown" })],
])("a side that answers is not away: %s", async (_, error) => {
  const { port, fails, isAway } = guarded();
  fails(error);
  for (let n = 0; n < 10; n++) await expect(port.flush("a")).rejects.toBe(error);
  expect(isAway()).toBe(false);
});

test("during a probe nobody waits for it", async () => {
  const { port, behaviour, fails } = guarded();
  fails(trouble("away"));
  for (const item of ["a", "b", "c"]) await expect(port.flush(item)).rejects.toThrow("it failed");
  now = 1_001;
  let answer = (_text: string) => {};
  behaviour.answer = () =>
    new Promise<string>((resolve) => {
      answer = resolve;
    });
  const probe = port.flush("probe");
  await expect(port.flush("meanwhile")).rejects.toMatchObject(leftAlone);
  answer("done");
  expect(await probe).toBe("done");
});

test("what must be tried in any case, and calls in a caller's transaction, go through", async () => {
  const { port, fails, heals } = guarded();
  fails(trouble("away"));
  for (const item of ["a", "b", "c"]) await expect(port.flush(item)).rejects.toThrow("it failed");
  heals();
  expect(await port.flush("d", { transaction: {} })).toBe("done");
  expect(await port.evict()).toBe("done");
  await expect(port.flush("e", {})).rejects.toMatchObject(leftAlone);
});

test("it can be turned off", async () => {
  const { port, fails } = guarded(0);
  fails(trouble("away"));
  for (let n = 0; n < 10; n++) await expect(port.flush("a")).rejects.toThrow("it failed");
});
