import { type RunningServer, startPgBouncer, startPostgres } from "@turnkeep/dev-services";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SqlStoreOptions } from "../options.js";
import { createSqlStore } from "../store.js";
import { created, nextCopy, patient } from "../testing/store-fixture.js";

let server: RunningServer;

beforeAll(async () => {
  server = await startPostgres({ durable: false });
});
afterAll(() => server?.stop());

const ignoring = { ignore_startup_parameters: "statement_timeout,lock_timeout" };

/** A store behind a PgBouncer with these settings. */
async function storeBehind(settings: Record<string, string>, options: Partial<SqlStoreOptions> = {}) {
  const pooler = await startPgBouncer(server.url, { default_pool_size: "4", ...settings });
  onTestFinished(() => pooler.stop());
  const store = createSqlStore({ url: pooler.url, ...patient, migrateOnStart: true, ...options });
  onTestFinished(() => store.close());
  return store;
}

const noLimits = { statementTimeoutMs: 0, lockTimeoutMs: 0 };

test.each([
  ["refused", {}],
  ["dropped", ignoring],
])("time limits that a pooler has %s are found at start", async (_, settings) => {
  const store = await storeBehind({ pool_mode: "transaction", ...settings });
  await expect(store.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/pooler.*DATABASE_STATEMENT_TIMEOUT_MS=0/),
  });
});

test("prepared statements that a pooler loses are found at start", async () => {
  const store = await storeBehind({ pool_mode: "transaction" }, noLimits);
  await expect(store.start()).rejects.toMatchObject({
    code: "Misconfigured",
    message: expect.stringMatching(/pooler.*DATABASE_PREPARED_STATEMENTS=false/),
  });
});

test("a pool of one server connection is no reason to wait for ever", async () => {
  const store = await storeBehind({ pool_mode: "transaction", default_pool_size: "1" }, noLimits);
  await expect(store.start()).rejects.toMatchObject({ code: "Misconfigured" });
});

test("as the README sets it, all works behind a pooler in transaction mode", async () => {
  const store = await storeBehind(
    { pool_mode: "transaction" },
    { ...noLimits, advanced: { preparedStatements: false } },
  );
  await store.start();
  const rows = await Promise.all(Array.from({ length: 30 }, () => created(store)));
  for (const row of rows) expect(await store.flush([nextCopy(row)])).toMatchObject([{ kind: "written" }]);
  const [first] = rows;
  if (first === undefined) throw new Error("no game");
  await store.sequelize.transaction(async (transaction) => {
    expect(await store.lock(first.gameId, { transaction })).toMatchObject({ kind: "row" });
  });
});

test("a pooler in session mode needs no other settings than one that passes on time limits", async () => {
  const store = await storeBehind({ pool_mode: "session", default_pool_size: "20" }, noLimits);
  await store.start();
  await created(store);
});
