import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario } from "../run-scenario.js";
import { allScenarios } from "../scenarios/all-scenarios.js";
import { PostgresServer } from "../stores/postgres-server.js";

/** They are tested in so many files, so that as many run at once. */
const files = 3;

/** One test a scenario of this file: no promise is broken while its fault is injected. */
export function testScenarios(file: 1 | 2 | 3): void {
  const scenarios = allScenarios.filter(({ onDemand }) => !onDemand).filter((_, n) => n % files === file - 1);
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
