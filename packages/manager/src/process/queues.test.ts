import { expect, test } from "vitest";
import { GameQueues } from "./queues.js";

test("runs the work of one game in order, and that of two games at once", async () => {
  const queues = new GameQueues();
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

test("a failure does not stop those who wait, and memory is freed once a game is idle", async () => {
  const queues = new GameQueues();
  const failing = queues.run("a", undefined, async () => {
    throw new Error("no");
  });
  const next = queues.run("a", undefined, async () => "went on");
  expect(queues.size).toBe(1);
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("went on");
  expect(queues.size).toBe(0);
});

test("who is aborted while waiting never runs, and keeps its place from nobody", async () => {
  const queues = new GameQueues();
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
