import { readFileSync } from "node:fs";
import { type RunningServer, startPostgres } from "@turnkeep/dev-services";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SqlStoreOptions } from "../options.js";
import { tableNames, tableRights } from "../schema/tables.js";
import { createSqlStore } from "../store.js";
import { created, newGame, patient } from "../testing/store-fixture.js";

/** The SQL by which the README grants what the store's role needs. */
const grants = /```sql\n(GRANT[^`]+)```/.exec(readFileSync(new URL("../../README.md", import.meta.url), "utf8"))?.[1];

let server: RunningServer;
let admin: pg.Client;

beforeAll(async () => {
  server = await startPostgres({ durable: false });
  admin = new pg.Client(server.url);
  await admin.connect();
  const owner = createSqlStore({ url: server.url, ...patient });
  await owner.migrate();
  await owner.close();
  await admin.query("CREATE ROLE game_server LOGIN PASSWORD 'secret'");
  await admin.query(grants ?? "");
});
afterAll(async () => {
  await admin?.end();
  await server?.stop();
});

function urlOf(change: { user?: string; password?: string; database?: string }): string {
  const url = new URL(server.url);
  url.username = change.user ?? "game_server";
  url.password = change.password ?? "secret";
  if (change.database !== undefined) url.pathname = change.database;
  return url.href;
}

function storeOf(url: string, options: Partial<SqlStoreOptions> = {}) {
  const store = createSqlStore({ url, ...patient, ...options });
  onTestFinished(() => store.close());
  return store;
}

const failure = (call: Promise<unknown>): Promise<{ code: string; message: string }> =>
  call.then(
    () => ({ code: "none", message: "" }),
    (error) => error,
  );

test.each([
  [{ password: "wrong" }, /^Postgres refuses the password: .*game_server/],
  [{ user: "nobody" }, /^Postgres refuses the password: .*nobody/],
  [{ database: "nowhere" }, /^Postgres does not have the database: .*nowhere/],
  [{ password: "" }, /^Postgres wants another password/],
])("%j is reported by its name, with and without a migration", async (change, message) => {
  const url = urlOf(change);
  for (const options of [{ migrateOnStart: true }, {}]) {
    expect(await failure(storeOf(url, options).start())).toMatchObject({ code: "Misconfigured" });
    expect((await failure(storeOf(url, options).start())).message).toMatch(message);
  }
  expect((await failure(storeOf(url).migrate())).message).toMatch(message);
});

test("with the rights that the README grants it starts where nothing is to be migrated", async () => {
  const store = storeOf(urlOf({}), { migrateOnStart: true });
  await store.start();
  expect(await store.migrate()).toEqual([]);
  await store.ping();
  await created(store);
});

test("they are the rights that the store checks at its start", () => {
  const granted = new Set<string>();
  for (const [, rights = "", tables = ""] of grants?.matchAll(/^GRANT ([A-Z, ]+) ON (turnkeep\..+) TO/gm) ?? []) {
    for (const table of tables.split(", ")) {
      for (const right of rights.split(", ")) granted.add(`${right} ${table.replace("turnkeep.", "")}`);
    }
  }
  const needed = Object.entries(tableRights).flatMap(([table, rights]) =>
    rights.map((right) => `${right} ${tableNames[table as keyof typeof tableNames]}`),
  );
  expect([...granted].sort()).toEqual(needed.sort());
});

test("each right that is missing is found at start, by the statement that grants it", async () => {
  for (const [table, rights] of Object.entries(tableRights)) {
    for (const right of rights) {
      const name = tableNames[table as keyof typeof tableNames];
      await admin.query(`REVOKE ${right} ON turnkeep.${name} FROM game_server`);
      const { code, message } = await failure(storeOf(urlOf({})).start());
      expect(code, `${right} ${name}`).toBe("Misconfigured");
      const statement = name === tableNames.migrations ? `permission denied for table ${name}` : message.split(": ")[1];
      expect(message).toContain(statement);
      await admin.query(
        name === tableNames.migrations ? `GRANT SELECT ON turnkeep.${name} TO game_server` : `${statement}`,
      );
    }
  }
  await storeOf(urlOf({})).start();
});

test("a role that may not create the schema, and must, learns so", async () => {
  const { code, message } = await failure(storeOf(urlOf({}), { schema: "other", migrateOnStart: true }).start());
  expect(code).toBe("Misconfigured");
  expect(message).toMatch(/^Postgres refuses the user a right: permission denied/);
});

test("a Postgres that is read-only is refused at start, and found by ping", async () => {
  const running = storeOf(urlOf({}));
  await running.start();
  await admin.query("ALTER ROLE game_server SET default_transaction_read_only = on");
  for (const options of [{ migrateOnStart: true, schema: "other" }, { migrateOnStart: true }, {}]) {
    const { code, message } = await failure(storeOf(urlOf({}), options).start());
    expect({ code, message }).toMatchObject({
      code: "Misconfigured",
      message: expect.stringMatching(/^Postgres is read-only here/),
    });
  }
  await endSessions();
  expect(await failure(pinged(running))).toMatchObject({ details: { reason: "refused" } });
  await admin.query("ALTER ROLE game_server RESET default_transaction_read_only");
});

const endSessions = () =>
  admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'game_server'");

/** A ping that did not meet a connection that was just ended. */
async function pinged(store: ReturnType<typeof storeOf>): Promise<void> {
  for (;;) {
    const error = await failure(store.ping());
    if (error.code === "none") return;
    if ((error as { details?: { reason?: string } }).details?.reason !== "away") throw error;
  }
}

test("sessions that are read-only end with their first refusal, in both pools", async () => {
  const [poolSize, sequelizePoolSize] = [3, 2];
  const store = storeOf(urlOf({}), { poolSize, advanced: { sequelizePoolSize } });
  await admin.query("ALTER ROLE game_server SET default_transaction_read_only = on");
  await store.start().catch(() => undefined);
  await admin.query("ALTER ROLE game_server RESET default_transaction_read_only");
  await store.start();
  await admin.query("ALTER ROLE game_server SET default_transaction_read_only = on");
  await endSessions();
  const inTransaction = () =>
    store.sequelize.transaction(async (transaction) => void (await store.create(newGame(), { transaction })));
  // Every connection of both pools is opened now, and read-only.
  const calls = () => [
    ...Array.from({ length: poolSize }, () => failure(store.create(newGame()))),
    ...Array.from({ length: sequelizePoolSize }, () => failure(inTransaction())),
  ];
  const codes = async () => (await Promise.all(calls())).map(({ code }) => code);
  await codes();
  expect(new Set(await codes())).toEqual(new Set(["StoreUnavailable"]));
  await admin.query("ALTER ROLE game_server RESET default_transaction_read_only");
  await codes();
  expect(new Set(await codes())).toEqual(new Set(["none"]));
});
