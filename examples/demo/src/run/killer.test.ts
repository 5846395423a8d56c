import { seeded } from "@turnkeep/match-kit";
import { expect, test } from "vitest";
import { keepKilling } from "./killer.js";

const never = new AbortController().signal;
const options = (happened: string[], kills: number) => ({
  kills,
  random: seeded(1),
  restMs: [0, 1] as const,
  kill: async () => void happened.push("kill"),
  restart: async () => void happened.push("restart"),
  onKilled: (kill: number) => void happened.push(`reported ${kill}`),
});

test("each kill is followed by a restart, so many times", async () => {
  const happened: string[] = [];
  expect(await keepKilling(options(happened, 2), never)).toBe(2);
  expect(happened).toEqual(["kill", "reported 1", "restart", "kill", "reported 2", "restart"]);
});

test("it ends when its signal fires, and returns how often it killed", async () => {
  const happened: string[] = [];
  const controller = new AbortController();
  const killing = { ...options(happened, 9), restart: async () => controller.abort() };
  expect(await keepKilling(killing, controller.signal)).toBe(1);
});

test("a server that does not come up again ends it", async () => {
  const killing = { ...options([], 2), restart: () => Promise.reject(new Error("it stays down")) };
  await expect(keepKilling(killing, never)).rejects.toThrow("it stays down");
});
