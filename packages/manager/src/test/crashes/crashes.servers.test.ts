import { randomUUID } from "node:crypto";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import { Sequelize } from "sequelize";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildVictim, runVictim, type Victim } from "./run-victim.js";
import { type Scenario, scenarios } from "./scenarios.js";
import { openScene, type Place } from "./scene.js";

/*
 * A real process is killed with SIGKILL at every step of what it does, one step after the other. Another process finds
 * what it left, and finishes it.
 */

const noStep = 0;
let victim: Victim;

beforeAll(async () => {
  victim = await buildVictim();
});
afterAll(() => victim.remove());

async function atEveryStep({ prepare, act, finish, check }: Scenario, place: Place): Promise<readonly string[]> {
  const dieAt = async (step: number) => {
    const scene = await openScene({ ...place, gameId: randomUUID() });
    try {
      await prepare(scene);
      const death = await runVictim(victim, { ...place, gameId: scene.gameId }, act, step);
      expect(death.killed).toBe(step !== noStep);
      await finish(scene);
      await check(scene);
      return death.steps;
    } finally {
      await scene.close();
    }
  };
  const steps = await dieAt(noStep);
  const last = [];
  for (let step = 1; step <= steps.length; step++) last.push((await dieAt(step)).at(-1) ?? "none");
  expect(last).toEqual(steps);
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
