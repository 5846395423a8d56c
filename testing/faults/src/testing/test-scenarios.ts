import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario } from "../run-scenario.js";
import type { Scenario } from "../scenarios/scenario.js";
import { PostgresServer } from "../stores/postgres-server.js";

/** One test a scenario: no promise is broken while its fault is injected. */
export function testScenarios(scenarios: readonly Scenario[]): void {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
  });
  afterAll(() => postgres.stop());

  test.each(scenarios)("$title: no promise is broken", async (scenario) => {
    const { violations, injected, operations } = await runScenario({ scenario, seed: 1, postgres });
    expect(violations.slice(0, 10)).toEqual([]);
    expect(injected).toBeGreaterThan(0);
    expect(operations).toBeGreaterThan(100);
  });
}
