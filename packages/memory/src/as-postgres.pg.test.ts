import { randomUUID } from "node:crypto";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryStore } from "./index.js";
import { StoreSide, type StoreStep, storeSteps } from "./testing/store-steps.js";

const schema = uniqueName("as_postgres");
const memory = createMemoryStore();
const postgres = createSqlStore({ url: testServers().databaseUrl, schema });

beforeAll(async () => {
  await postgres.migrate();
  await Promise.all([memory.start(), postgres.start()]);
});
afterAll(async () => {
  await postgres.sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await Promise.all([memory.close(), postgres.close()]);
});

async function answers<Tx>(side: StoreSide<Tx>, steps: readonly StoreStep[], games: readonly [string, string]) {
  const replies: unknown[] = [];
  await side.begin(games[0]);
  for (const step of steps) replies.push([step.operation, await side.take(step, games[step.game])]);
  return replies;
}

test("answers every sequence of calls as Postgres does", async () => {
  await fc.assert(
    fc.asyncProperty(storeSteps, async (steps) => {
      const id = () => `${randomUUID().slice(0, -12)}000000000001`;
      const games = [id(), id()] as const;
      const inMemory = new StoreSide(memory, (work) => memory.transaction(work));
      const inPostgres = new StoreSide(postgres, (work) => postgres.sequelize.transaction(work));
      expect(await answers(inMemory, steps, games)).toEqual(await answers(inPostgres, steps, games));
    }),
    { numRuns: 60 },
  );
});
