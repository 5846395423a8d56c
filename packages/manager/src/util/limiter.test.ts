import { expect, test } from "vitest";
import { Queues } from "./limiter.js";

test("runs the work of one game in order, and that of two games at once", async () => {
  const queues = new Queues();
  const seen: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = queues.run("a", undefined, async () => {
    await gate;
    seen.push("a1");
  });
  const second = queues.run("a", undefined, async () => seen.push("a2"));
  await queues.run("b", undefined, async () => seen.push("b1"));
  expect(seen).toEqual(["b1"]);
  release();
  await Promise.all([first, second]);
  expect(seen).toEqual(["b1", "a1", "a2"]);
});

test("a failure does not stop what waits, and memory is freed once a game is idle", async () => {
  const queues = new Queues();
  const failing = queues.run("a", undefined, async () => {
    throw new Error("no");
  });
  const next = queues.run("a", undefined, async () => "went on");
  expect(queues.size).toBe(1);
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("went on");
  expect(queues.size).toBe(0);
});

test("work that is aborted while it waits never runs, and what comes later keeps its place", async () => {
  const queues = new Queues();
  const controller = new AbortController();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: string[] = [];
  const first = queues.run("a", undefined, () => gate.then(() => seen.push("first")));
  const aborted = queues.run("a", controller.signal, async () => seen.push("aborted"));
  const third = queues.run("a", undefined, async () => seen.push("third"));
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  release();
  await Promise.all([first, third]);
  expect(seen).toEqual(["first", "third"]);
  expect(queues.size).toBe(0);
});

test("after the last that waited is aborted, what comes next waits for the work under way all the same", async () => {
  const queues = new Queues();
  const controller = new AbortController();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: string[] = [];
  const first = queues.run("a", undefined, () => gate.then(() => seen.push("first")));
  const aborted = queues.run("a", controller.signal, async () => seen.push("aborted"));
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ code: "Aborted" });
  const next = queues.run("a", undefined, async () => seen.push("next"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([]);
  release();
  await Promise.all([first, next]);
  expect(seen).toEqual(["first", "next"]);
  expect(queues.size).toBe(0);
});

test("an abort in whichever moment of its turn takes no turn from the next", async () => {
  for (let microtasks = 0; microtasks < 20; microtasks++) {
    const queues = new Queues();
    const controller = new AbortController();
    const first = queues.run("a", undefined, async () => "ran");
    const second = queues.run("a", controller.signal, async () => "ran").catch((error) => error.code);
    const third = queues.run("a", undefined, async () => "ran");
    for (let n = 0; n < microtasks; n++) await null;
    controller.abort();
    expect(await first).toBe("ran");
    expect(["ran", "Aborted"]).toContain(await second);
    expect(await third).toBe("ran");
    expect(queues.size).toBe(0);
  }
});
