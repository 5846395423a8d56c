import { randomUUID } from "node:crypto";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import { Sequelize } from "sequelize";
import { expect, test } from "vitest";
import { type DieAt, runVictim } from "./run-victim.js";
import { type Scenario, scenarios } from "./scenarios.js";
import { openScene, type Place } from "./scene.js";

/*
 * A real process is killed with SIGKILL at every step of what it does, one step after the other. Another process finds
 * what it left, and finishes it.
 */

async function atEveryStep({ prepare, act, finish, check }: Scenario, place: Place): Promise<readonly string[]> {
  const dieAt = async (step: DieAt) => {
    const scene = await openScene({ ...place, gameId: randomUUID() });
    try {
      await prepare(scene);
      const death = await runVictim({ ...place, gameId: scene.gameId }, act, step);
      expect(death.killed).toBe(step !== null);
      await finish(scene);
      await check(scene);
      return death.steps;
    } finally {
      await scene.close();
    }
  };
  const steps = await dieAt(null);
  // Named and not numbered: steps that are taken side by side may come in another order.
  for (const [n, step] of steps.entries()) {
    const time = steps.slice(0, n + 1).filter((other) => other === step).length;
    expect((await dieAt({ step, time })).at(-1)).toBe(step);
  }
  return steps;
}

test.concurrent.each(Object.entries(scenarios))("killed at every step of %s", async (_name, scenario) => {
  const { databaseUrl, redisUrl } = testServers();
  const schema = uniqueName("crashes");
  const sequelize = new Sequelize(databaseUrl, { logging: false });
  try {
    await createSqlStore({ sequelize, schema }).migrate();
    const place = { databaseUrl, redisUrl, schema, keyPrefix: `${schema}:`, gameId: "" };
    const steps = await atEveryStep(scenario, place);
    expect(steps.length).toBeGreaterThanOrEqual(4);
  } finally {
    await sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await sequelize.close();
  }
});
