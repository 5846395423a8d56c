import { afterAll, beforeAll, expect, test } from "vitest";
import type { Promised } from "../judge/violation.js";
import { PostgresServer } from "../postgres-server.js";
import { redisKilled } from "../rows/redis-killed.js";
import { runRow } from "../run-row.js";
import { naiveSystem } from "./naive-system.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterAll(() => postgres.stop());

const invariants: readonly Promised[] = ["I1", "I2", "I3", "I4", "I5"];

/** One run catches nearly always all of them; a slow machine brings about fewer races in the same time. */
const runs = 10;

test("the judge catches the naive design at each of the five invariants", async () => {
  const missing = new Set(invariants);
  for (let seed = 1; seed <= runs && missing.size > 0; seed++) {
    const { violations } = await runRow({ row: redisKilled, seed, postgres, system: naiveSystem });
    for (const { promise } of violations) missing.delete(promise);
  }
  expect([...missing]).toEqual([]);
}, 240_000);
