import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterEach, expect, test } from "vitest";
import { counterGame, newCounter } from "../testing/counter-game.js";
import { type ExportedGame, exportGames } from "./export-games.js";
import { type ImportedLine, importGames } from "./import-games.js";
import { headerOf } from "./line.js";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A manager that flushes nothing by itself, in a schema and keys of its own. */
async function place() {
  const name = uniqueName("transfer");
  const { databaseUrl, redisUrl } = testServers();
  const store = createSqlStore({ url: databaseUrl, schema: name, migrateOnStart: true });
  const cache = createRedisCache({ url: redisUrl, keyPrefix: `${name}:` });
  const manager = createGameStateManager({ game: counterGame, cache, store, runFlusher: false });
  await manager.start();
  closing.push(async () => {
    await store.sequelize.query(`DROP SCHEMA "${name}" CASCADE`);
    await manager.close();
  });
  return { store, cache, manager };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function* textsOf(games: readonly ExportedGame[]) {
  yield JSON.stringify(headerOf(counterGame.name));
  for (const { line } of games) yield JSON.stringify(line);
}

const resultsOf = (lines: readonly ImportedLine[]) => lines.map(({ kind, result }) => `${kind} ${result}`).sort();

test("live games come over with what Redis alone has, their logs and their past; finished ones with their replays", async () => {
  const [here, there] = [await place(), await place()];
  const ids = await Promise.all(["ada", "bob", "eve"].map((who) => newCounter(here.manager, [who, "max"])));
  const [played, ended, quiet] = ids as [string, string, string];
  for (const n of [1, 2, 3]) {
    const durability = n === 2 ? "durable" : "writeBehind";
    await here.manager.update(played, (state) => ({ state: { ...state, count: n }, log: [{ n }] }), { durability });
  }
  await here.manager.update(ended, (state) => ({ state: { ...state, count: 9 }, log: [{ n: 9 }] }));
  await here.manager.endGame(ended, { endReason: "won", winnerIds: ["bob"], winnerIsNpc: false });
  await here.store.setMetadata(played, { base: "0", metadata: '{"seats":2}' });
  const exported = await all(exportGames(here, { pageGames: 1 }));
  expect(exported.map(({ line }) => line.kind)).toEqual(["game", "game", "history"]);

  const options = { game: counterGame.name };
  expect(resultsOf(await all(importGames(there.store, textsOf(exported), options)))).toEqual([
    "game imported",
    "game imported",
    "history imported",
  ]);
  expect((await there.manager.loadState(played))?.state).toMatchObject({ count: 3 });
  expect((await there.manager.loadState(quiet))?.state).toMatchObject({ count: 0 });
  const log = await there.store.readLog(played, { from: 0, limit: 10 });
  expect(log.map(({ seq, entry }) => [seq, JSON.parse(entry)]).slice(1)).toEqual([
    [1, { n: 1 }],
    [2, { n: 2 }],
    [3, { n: 3 }],
  ]);
  expect(JSON.parse(log[0]?.entry ?? "")).toMatchObject({ count: 0 });
  expect(await there.store.read(played)).toMatchObject({ game: { metadata: '{"seats":2}' } });
  expect(await there.store.readReplay(ended)).toEqual(await here.store.readReplay(ended));
  expect((await there.store.listHistory("bob", {})).items).toHaveLength(1);

  // It is played on there, and ends with a whole replay.
  await there.manager.update(played, (state) => ({ state: { ...state, count: 4 }, log: [{ n: 4 }] }));
  await there.manager.endGame(played, { endReason: "won", winnerIds: ["ada"], winnerIsNpc: false });
  const replay = await there.store.readReplay(played);
  expect(replay?.record.incomplete).toBe(false);
  expect(JSON.parse(replay?.replay ?? "").log).toHaveLength(4);
});

test("what is there stays, live, finished or deleted, whatever the file has of it; a run can be repeated", async () => {
  const here = await place();
  const [live, over, gone] = (await Promise.all([0, 1, 2].map(() => newCounter(here.manager, ["ada", "max"])))) as [
    string,
    string,
    string,
  ];
  const exported = await all(exportGames(here));
  await here.manager.update(live, (state) => ({ ...state, count: 7 }), { durability: "durable" });
  await here.manager.endGame(over, { endReason: "won", winnerIds: [], winnerIsNpc: false });
  await here.manager.deleteGame(gone);
  const before = await Promise.all([live, over, gone].map((id) => here.store.inspect([id], { states: true })));
  const options = { game: counterGame.name };
  const again = await all(importGames(here.store, textsOf(exported), options));
  expect(resultsOf(again)).toEqual(["game there", "game there", "game there"]);
  expect(await Promise.all([live, over, gone].map((id) => here.store.inspect([id], { states: true })))).toEqual(before);
  expect(resultsOf(await all(importGames(here.store, textsOf(await all(exportGames(here))), options)))).toEqual([
    "game there",
    "history there",
  ]);
});

test("an export goes on at its cursor, an import after its lines, and both end with their signal", async () => {
  const [here, there] = [await place(), await place()];
  for (let n = 0; n < 5; n += 1) await newCounter(here.manager, ["ada", "max"]);
  const whole = await all(exportGames(here, { pageGames: 2 }));
  const rest = await all(exportGames(here, { pageGames: 2, cursor: whole[2]?.cursor }));
  expect(rest.map(({ line }) => line)).toEqual(whole.slice(2).map(({ line }) => line));
  const options = { game: counterGame.name };
  expect(await all(importGames(there.store, textsOf(whole), { ...options, skipLines: 4 }))).toHaveLength(2);
  const stopped = { signal: AbortSignal.abort() };
  await expect(all(exportGames(here, stopped))).rejects.toMatchObject({ code: "Aborted" });
  await expect(all(importGames(there.store, textsOf(whole), { ...options, ...stopped }))).rejects.toMatchObject({
    code: "Aborted",
  });
  await expect(all(exportGames(here, { cursor: "games:none" }))).rejects.toMatchObject({ code: "InvalidInput" });
});

test.each([
  ["another game", ['{"kind":"header","format":1,"game":"chess"}'], /line 1 is the header of "chess"/],
  ["no header", ['{"kind":"quarantined"}'], /line 1 is no line/],
  ["no JSON", [JSON.stringify(headerOf(counterGame.name)), "secret {"], /line 2 is no line/],
])("a file of %s is refused, and nothing of it is quoted", async (_, lines, message) => {
  const { store } = await place();
  const texts = (async function* () {
    yield* lines;
  })();
  const failed = all(importGames(store, texts, { game: counterGame.name }));
  await expect(failed).rejects.toMatchObject({ code: "InvalidInput", message: expect.stringMatching(message) });
  await expect(failed).rejects.not.toThrow(/secret/);
});
