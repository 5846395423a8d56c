import { afterAll, beforeAll, expect, test } from "vitest";
import type { PromiseName } from "../checker/violation.js";
import { runScenario } from "../run-scenario.js";
import { redisKilled } from "../scenarios/redis/redis-killed.js";
import { PostgresServer } from "../stores/postgres-server.js";
import { naiveSystem } from "./naive-system.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterAll(() => postgres.stop());

const invariants: readonly PromiseName[] = ["I1", "I2", "I3", "I4", "I5"];

/** One run nearly always finds all of them; a slow machine has fewer races in the same time. */
const runs = 10;

test("the checker finds that the naive design breaks each of the five invariants", async () => {
  const missing = new Set(invariants);
  for (let seed = 1; seed <= runs && missing.size > 0; seed++) {
    const { violations } = await runScenario({ scenario: redisKilled, seed, postgres, system: naiveSystem });
    for (const { promise } of violations) missing.delete(promise);
  }
  expect([...missing]).toEqual([]);
}, 240_000);
