import { afterAll, beforeAll, expect, test } from "vitest";
import type { FaultRow } from "../fault-row.js";
import { PostgresServer } from "../postgres-server.js";
import { runRow } from "../run-row.js";

/** One test a row: no promise is broken while the fault is injected. */
export function holdRowsToAccount(rows: readonly FaultRow[]): void {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
  });
  afterAll(() => postgres.stop());

  test.each(rows)("$what: no promise is broken", async (row) => {
    const { violations, injected, operations } = await runRow({ row, seed: 1, postgres });
    expect(violations.slice(0, 10)).toEqual([]);
    expect(injected).toBeGreaterThan(0);
    expect(operations).toBeGreaterThan(100);
  });
}
