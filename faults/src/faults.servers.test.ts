import { afterAll, beforeAll, expect, test } from "vitest";
import { PostgresServer } from "./postgres-server.js";
import { faultRows } from "./rows/index.js";
import { runRow } from "./run-row.js";

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
afterAll(() => postgres.stop());

test.each(faultRows.filter(({ onDemand }) => !onDemand))(
  "$name breaks no promise",
  async (row) => {
    const { violations, ...result } = await runRow({ row, seed: 1, postgres });
    console.log(row.name, result);
    expect(violations.slice(0, 10)).toEqual([]);
    expect(result.injected).toBeGreaterThan(0);
  },
  60_000,
);
