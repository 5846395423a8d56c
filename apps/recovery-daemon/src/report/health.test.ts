import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { type DaemonHealth, healthServer } from "./health.js";

const well: DaemonHealth = {
  state: () => "ready",
  leaseHeld: () => true,
  tasks: () => [],
  pingStore: async () => undefined,
  pingCache: async () => undefined,
};

async function ask(path: string, source: Partial<DaemonHealth> = {}, runtime = createVirtualRuntime()) {
  const server = healthServer({ ...well, ...source }, runtime);
  const { statusCode, body } = await server.inject({ url: path });
  await server.close();
  return { statusCode, body: JSON.parse(body) };
}

test("ready once recovered and while both stores answer", async () => {
  expect(await ask("/readyz")).toMatchObject({ statusCode: 200, body: { status: "ready", lease: "held" } });
  expect(await ask("/readyz", { state: () => "notReady" })).toMatchObject({
    statusCode: 503,
    body: { status: "notReady" },
  });
  const away = () => Promise.reject(new Error("away"));
  expect(await ask("/readyz", { pingStore: away })).toMatchObject({ statusCode: 503, body: { store: "down" } });
  expect(await ask("/readyz", { pingCache: away })).toMatchObject({ statusCode: 503, body: { cache: "down" } });
});

test("a standby is ready too, and living does not depend on the stores", async () => {
  expect(await ask("/readyz", { leaseHeld: () => false })).toMatchObject({
    statusCode: 200,
    body: { lease: "standby" },
  });
  const away = () => Promise.reject(new Error("away"));
  expect(await ask("/livez", { state: () => "notReady", pingStore: away, pingCache: away })).toMatchObject({
    statusCode: 200,
  });
});

test("a store that never answers is down after the time-out, and its ping is aborted", async () => {
  let answer: ReturnType<typeof ask> | undefined;
  const runtime = createVirtualRuntime();
  let aborted = false;
  const asked = new Promise<void>((resolve) => {
    const silent = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      resolve();
      return new Promise<void>(() => undefined);
    };
    answer = ask("/readyz", { pingStore: silent }, runtime);
  });
  await asked;
  await runtime.advance(2_000);
  expect(await answer).toMatchObject({ statusCode: 503, body: { store: "down" } });
  expect(aborted).toBe(true);
});
