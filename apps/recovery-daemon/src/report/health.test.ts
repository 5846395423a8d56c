import { expect, test } from "vitest";
import { type HealthSource, healthServer } from "./health.js";

const well: HealthSource = {
  ready: () => true,
  leaseHeld: () => true,
  tasks: () => [],
  pingStore: async () => undefined,
  pingCache: async () => undefined,
};

async function ask(path: string, source: Partial<HealthSource> = {}) {
  const server = healthServer({ ...well, ...source });
  const { statusCode, body } = await server.inject({ url: path });
  await server.close();
  return { statusCode, body: JSON.parse(body) };
}

test("ready once recovered and while both stores answer", async () => {
  expect(await ask("/readyz")).toMatchObject({ statusCode: 200, body: { status: "ready", lease: "held" } });
  expect(await ask("/readyz", { ready: () => false })).toMatchObject({ statusCode: 503, body: { recovered: false } });
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
  expect(await ask("/livez", { ready: () => false, pingStore: away, pingCache: away })).toMatchObject({
    statusCode: 200,
  });
});

test("a store that never answers is down after the time-out", async () => {
  const silent = () => new Promise<void>(() => undefined);
  expect(await ask("/readyz", { pingStore: silent })).toMatchObject({ statusCode: 503, body: { store: "down" } });
});
