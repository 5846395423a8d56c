import { randomUUID } from "node:crypto";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import type { Model } from "sequelize";
import { afterAll, afterEach, expect, test } from "vitest";
import type { SqlStoreOptions } from "../options.js";
import { createSqlStore, type SqlStore } from "../store.js";
import { describeSchema } from "../testing/describe-schema.js";
import { created } from "../testing/store-fixture.js";

const all = [
  "0001-games",
  "0002-history",
  "0003-shared-work",
  "0004-history-id",
  "0005-deployment",
  "0006-outcomes",
  "0007-quarantined",
  "0008-history-by-end",
  "0009-rules-versions",
  "0010-active-ids",
  "0011-metadata",
];
const stores: SqlStore[] = [];
const schemas: string[] = [];

function newStore(options: Partial<SqlStoreOptions> = {}): SqlStore {
  const schema = options.schema ?? uniqueName("sql_migrations");
  if (!schemas.includes(schema)) schemas.push(schema);
  const store = createSqlStore({
    url: testServers().databaseUrl,
    advanced: { sequelizePoolSize: 1 },
    ...options,
    schema,
  });
  stores.push(store);
  return store;
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

afterAll(async () => {
  const { sequelize } = newStore();
  for (const schema of schemas) await sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

test("twenty migrators at once succeed, and one of them does the work", async () => {
  const schema = uniqueName("sql_migrations");
  const migrators = Array.from({ length: 20 }, () => newStore({ schema }));
  const done = await Promise.all(migrators.map((store) => store.migrate()));
  expect(done.filter(({ length }) => length > 0)).toEqual([all]);
  expect(await migrators[0]?.pendingMigrations()).toEqual([]);
});

test("the schema is the one that is committed", async () => {
  const store = newStore();
  await store.migrate();
  await expect(await describeSchema(store)).toMatchFileSnapshot("../../schema.txt");
});

test("down takes everything back, one by one or at once, and up brings the same again", async () => {
  const store = newStore();
  const empty = (await store.migrate()) && (await describeSchema(store));
  const [newest = "", ...older] = all.toReversed();
  expect(await store.rollback()).toEqual([newest]);
  expect(await store.pendingMigrations()).toEqual([newest]);
  expect(await store.rollback({ to: 0 })).toEqual(older);
  expect(await describeSchema(store)).not.toContain("active_games");
  expect(await store.pendingMigrations()).toEqual(all);
  expect(await store.migrate()).toEqual(all);
  expect(await describeSchema(store)).toBe(empty);
});

test("the plan is what a migration then runs, and changes nothing", async () => {
  const [planned, migrated] = [newStore(), newStore()];
  const plan = await planned.planMigrations();
  expect(plan.map(({ name }) => name)).toEqual(all);
  expect(await planned.migrationStatus()).toEqual(all.map((name) => ({ name, isApplied: false })));
  await migrated.migrate();
  for (const sql of plan.flatMap(({ statements }) => statements)) await planned.sequelize.query(sql);
  expect(await describeSchema(planned)).toBe(await describeSchema(migrated));
  expect(await planned.pendingMigrations()).toEqual([]);
  expect(await migrated.planMigrations()).toEqual([]);
  await migrated.rollback();
  const [newest] = all.toReversed();
  const newestOfPlan = plan.at(-1)?.statements.length;
  const again = await migrated.planMigrations();
  expect(again.map(({ name, statements }) => [name, statements.length])).toEqual([[newest, newestOfPlan]]);
  expect((await migrated.migrationStatus()).filter(({ isApplied }) => !isApplied)).toMatchObject([{ name: newest }]);
});

test("finished games of an older schema come along, under their games' ids", async () => {
  const store = newStore({ migrateOnStart: true });
  await store.migrate();
  const { schema } = store.models.ActiveGame.getTableName() as unknown as { schema: string };
  await store.rollback({ to: "0004-history-id" });
  const [alice, gameId] = [randomUUID(), randomUUID()];
  await store.sequelize.query(`
    INSERT INTO "${schema}".game_history (game_id, game_type, player_ids, winner_id, winner_is_npc, end_reason,
      turn_count, duration_seconds, incomplete, replay_data, played_at, ended_at)
    VALUES ('${gameId}', 'ranked', '{${alice}}', '${alice}', false, 'prizes', 9, 60, false, '{}', now(), now())`);
  await store.sequelize.query(`
    INSERT INTO "${schema}".game_history_players SELECT '${alice}', ended_at, game_id FROM "${schema}".game_history`);
  await store.start();
  const record = {
    gameId,
    playerIds: [alice],
    turnCount: 9,
    outcome: { endReason: "prizes", winnerIds: [alice], winnerIsNpc: false },
  };
  expect(await store.findHistory(gameId)).toMatchObject(record);
  expect((await store.listHistory(alice, {})).items).toMatchObject([record]);
});

test("a migration that fails changes nothing", async () => {
  const store = newStore();
  const { schema } = store.models.ActiveGame.getTableName() as unknown as { schema: string };
  await store.sequelize.query(`CREATE SCHEMA "${schema}"`);
  await store.sequelize.query(`CREATE TABLE "${schema}".game_leases ()`);
  await expect(store.migrate()).rejects.toMatchObject({ code: "StoreUnavailable", details: { fate: "notDone" } });
  expect(await store.pendingMigrations()).toEqual(all);
  expect(await describeSchema(store)).not.toContain("active_games");
});

test("start says what to run if the schema is not migrated, and migrates itself if asked to", async () => {
  const store = newStore();
  const refusal = await store.start().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "Misconfigured", message: expect.stringContaining("call migrate()") });
  await store.migrate();
  await store.start();
  expect(await store.countActive()).toBe(0);
  const other = newStore({ migrateOnStart: true });
  await other.start();
  expect(await other.countActive()).toBe(0);
});

test("stores in two schemas know nothing of each other, also through one Sequelize", async () => {
  const first = newStore({ migrateOnStart: true });
  await first.start();
  const { sequelize } = first;
  const schema = uniqueName("sql_migrations");
  schemas.push(schema);
  const second = createSqlStore({ sequelize, schema, migrateOnStart: true });
  await second.start();
  const { gameId } = await created(first);
  expect(await second.status(gameId)).toBe("missing");
  await sequelize.transaction(async (transaction) => {
    expect((await first.read(gameId, { transaction })).kind).toBe("row");
    expect((await second.read(gameId, { transaction })).kind).toBe("none");
  });
  await second.close();
  expect(await first.models.ActiveGame.count()).toBe(1); // the Sequelize that was given is still open
});

test("the models name every column of their tables, and read what the store wrote", async () => {
  const store = newStore({ migrateOnStart: true });
  await store.start();
  const game = await created(store);
  for (const model of Object.values(store.models) as (typeof Model & (new () => Model))[]) {
    const columns = Object.keys(await store.sequelize.getQueryInterface().describeTable(model.getTableName()));
    const fields = Object.values(model.getAttributes()).map(({ field }) => field);
    expect(fields.toSorted()).toEqual(columns.toSorted());
  }
  const row = await store.models.ActiveGame.findByPk(game.gameId);
  expect(row).toMatchObject({ status: "live", playerIds: game.playerIds, state: game.state, fence: game.fence });
  const entry = await store.models.GameLogEntry.findOne({ where: { gameId: game.gameId } });
  expect(entry).toMatchObject({ seq: "0", entry: game.state });
});
