import { afterAll, beforeAll, expect, test } from "vitest";
import { PostgresServer } from "../postgres-server.js";
import { redisKilled } from "../rows/redis-killed.js";
import { runRow } from "../run-row.js";
import { naiveSystem } from "./naive-system.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterAll(() => postgres.stop());

test("the judge catches the naive design at each of the five invariants", async () => {
  const { violations } = await runRow({ row: redisKilled, seed: 1, postgres, system: naiveSystem });
  const broken = new Set(violations.map(({ promise }) => promise));
  for (const promise of ["I1", "I2", "I3", "I4", "I5"] as const) expect(broken, promise).toContain(promise);
}, 60_000);
