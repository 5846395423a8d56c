import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { Breaker, guardPort } from "./breaker.js";

const trouble = (reason?: "away" | "refused" | "busy") =>
  new TurnkeepError("StoreUnavailable", "it failed", { fate: "unknown", ...(reason && { reason }) });
const aborted = () => new TurnkeepError("Aborted", "it failed", { fate: "unknown" });

/** A store of two operations, behind a breaker, and what it was asked. */
function guarded(afterFailures = 3) {
  const runtime = createVirtualRuntime();
  const asked: string[] = [];
  const reported: string[] = [];
  const behaviour: { answer: () => Promise<string> } = { answer: async () => "done" };
  const inner = {
    flavour: "plain",
    flush: (item: string, _options?: { transaction?: object }) => {
      asked.push(item);
      return behaviour.answer();
    },
    evict: () => behaviour.answer(),
    claim: () => behaviour.answer(),
    claimGame: () => behaviour.answer(),
  };
  const options = { code: "StoreUnavailable", afterFailures, probeEveryMs: 1_000 } as const;
  const breaker = new Breaker(runtime, {
    ...options,
    onAway: (error) => reported.push(error instanceof Error ? error.message : "away"),
    onBack: () => reported.push("back"),
  });
  const bulk = new Breaker(runtime, { ...options, onAway: () => reported.push("bulk away"), onBack: () => {} });
  const port = guardPort(inner, { play: breaker, bulk });
  const fails = (error: Error) => {
    behaviour.answer = () => Promise.reject(error);
  };
  const heals = () => {
    behaviour.answer = async () => "done";
  };
  const opens = async () => {
    fails(trouble("away"));
    for (const item of ["a", "b", "c"]) await expect(port.flush(item)).rejects.toThrow("it failed");
    asked.length = 0;
  };
  /** The next call hangs until the function is called that this resolves to. */
  const hangs = () => {
    let end = (_answer: Promise<string>) => {};
    behaviour.answer = () =>
      new Promise<string>((resolve) => {
        end = resolve;
      });
    return (answer: Promise<string>) => end(answer);
  };
  return { breaker, port, runtime, asked, reported, fails, heals, opens, hangs };
}

const leftAlone = { message: "the store is away, and was not asked", details: { fate: "notDone", reason: "away" } };

test("calls pass, with what they answer, and members that are no calls", async () => {
  const { port, asked } = guarded();
  expect(await port.flush("a")).toBe("done");
  expect(port.flavour).toBe("plain");
  expect(port.flush).toBe(port.flush);
  expect(asked).toEqual(["a"]);
});

test("after so many unanswered calls in a row the rest fails at once, unasked, until one is answered", async () => {
  const { port, runtime, asked, reported, fails, heals, breaker } = guarded();
  fails(trouble("away"));
  for (const item of ["a", "b"]) await expect(port.flush(item)).rejects.toThrow("it failed");
  expect(breaker.isOpen).toBe(false);
  await expect(port.flush("c")).rejects.toThrow("it failed");
  expect(breaker.isOpen).toBe(true);
  await expect(port.flush("d")).rejects.toMatchObject(leftAlone);
  await runtime.advance(1_000);
  await expect(port.flush("probe")).rejects.toThrow("it failed");
  await expect(port.flush("e")).rejects.toMatchObject(leftAlone);
  heals();
  await runtime.advance(1_000);
  expect(await port.flush("second probe")).toBe("done");
  expect(await port.flush("f")).toBe("done");
  expect(asked).toEqual(["a", "b", "c", "probe", "second probe", "f"]);
  expect(reported).toEqual(["it failed", "back"]);
  expect(breaker.isOpen).toBe(false);
});

test("the pauses between probes grow, up to a bound", async () => {
  const { port, runtime, opens, asked } = guarded();
  await opens();
  const pauses: number[] = [];
  while (pauses.length < 10) {
    let pause = 0;
    for (const probes = asked.length; asked.length === probes; pause += 5) {
      await runtime.advance(5);
      await expect(port.flush("probe")).rejects.toThrow();
    }
    pauses.push(pause);
  }
  expect(pauses[0]).toBeLessThanOrEqual(50);
  expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
});

test("a success in between begins the count anew", async () => {
  const { port, fails, heals, breaker } = guarded();
  for (let n = 0; n < 5; n++) {
    fails(trouble());
    for (const item of ["a", "b"]) await expect(port.flush(item)).rejects.toThrow("it failed");
    heals();
    await port.flush("c");
  }
  expect(breaker.isOpen).toBe(false);
});

const notAway: [string, Error][] = [
  ["busy", trouble("busy")],
  ["refused", trouble("refused")],
  ["unsound input", new TurnkeepError("InvalidInput", "it failed", { issues: [] })],
];

test.each([...notAway, ["a caller's abort", aborted()]])("a side that answers is not away: %s", async (_, error) => {
  const { port, fails, breaker } = guarded();
  fails(error as Error);
  for (let n = 0; n < 10; n++) await expect(port.flush("a")).rejects.toBe(error);
  expect(breaker.isOpen).toBe(false);
});

test.each(notAway)("a probe that is answered brings the side back, be it by an error: %s", async (_, error) => {
  const { port, runtime, fails, opens, breaker } = guarded();
  await opens();
  await runtime.advance(1_000);
  fails(error);
  await expect(port.flush("probe")).rejects.toBe(error);
  expect(breaker.isOpen).toBe(false);
});

test("a probe that is aborted is no answer: the side stays away, and the next call tries it again", async () => {
  const { port, runtime, asked, reported, fails, heals, opens, breaker } = guarded();
  await opens();
  await runtime.advance(1_000);
  fails(aborted());
  await expect(port.flush("probe")).rejects.toMatchObject({ code: "Aborted" });
  expect(breaker.isOpen).toBe(true);
  expect(reported).toEqual(["it failed"]);
  fails(trouble("away"));
  await expect(port.flush("second probe")).rejects.toThrow("it failed");
  await expect(port.flush("left alone")).rejects.toMatchObject(leftAlone);
  heals();
  await runtime.advance(1_000);
  expect(await port.flush("third probe")).toBe("done");
  expect(asked).toEqual(["probe", "second probe", "third probe"]);
  expect(reported).toEqual(["it failed", "back"]);
});

test("one call at a time is a probe, and no other waits for it", async () => {
  const { port, runtime, asked, opens, hangs } = guarded();
  await opens();
  await runtime.advance(1_000);
  const end = hangs();
  const probe = port.flush("probe");
  await runtime.advance(5_000);
  await expect(port.flush("meanwhile")).rejects.toMatchObject(leftAlone);
  end(Promise.resolve("done"));
  expect(await probe).toBe("done");
  expect(asked).toEqual(["probe"]);
});

test("what a call says that began before the side was away changes nothing", async () => {
  const { port, opens, hangs, breaker, reported } = guarded();
  const end = hangs();
  const old = port.flush("old");
  await opens();
  end(Promise.resolve("done"));
  expect(await old).toBe("done");
  expect(breaker.isOpen).toBe(true);
  expect(reported).toEqual(["it failed"]);
});

test("what must be tried in any case, and calls in a caller's transaction, go through", async () => {
  const { port, heals, opens } = guarded();
  await opens();
  heals();
  expect(await port.flush("d", { transaction: {} })).toBe("done");
  expect(await port.evict()).toBe("done");
  await expect(port.flush("e", {})).rejects.toMatchObject(leftAlone);
});

test("bulk calls that are not answered stop none of play's, and have a breaker of their own", async () => {
  const { port, fails, heals, breaker, reported, asked } = guarded();
  fails(trouble("away"));
  for (let n = 0; n < 3; n++) await expect(port.claim()).rejects.toThrow("it failed");
  for (let n = 0; n < 9; n++) await expect(port.claimGame()).rejects.toThrow("it failed");
  expect(breaker.isOpen).toBe(false);
  expect(reported).toEqual(["bulk away"]);
  heals();
  await expect(port.claim()).rejects.toMatchObject(leftAlone);
  expect(await port.flush("a")).toBe("done");
  expect(await port.claimGame()).toBe("done");
  expect(asked).toEqual(["a"]);
});

test("a game's claim fails at once while play's calls do", async () => {
  const { port, opens, heals } = guarded();
  await opens();
  heals();
  await expect(port.claimGame()).rejects.toMatchObject(leftAlone);
  expect(await port.claim()).toBe("done");
});

test("it can be turned off", async () => {
  const { port, fails } = guarded(0);
  fails(trouble("away"));
  for (let n = 0; n < 10; n++) await expect(port.flush("a")).rejects.toThrow("it failed");
});
