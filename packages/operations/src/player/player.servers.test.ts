import { randomUUID } from "node:crypto";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createGameStateManager } from "@turnkeep/manager";
import { connectMasters, createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { counterGame, nameOf, newCounter } from "../testing/counter-game.js";
import type { ExportLine } from "../transfer/line.js";
import { erasePlayer } from "./erase-player.js";
import { exportPlayer } from "./export-player.js";

let prefix: string;
const { databaseUrl, redisUrl } = testServers();
const drawn = { endReason: "drawn", winnerIds: [], winnerIsNpc: false } as const;

const open = () => {
  const store = createSqlStore({ url: databaseUrl, schema: prefix, migrateOnStart: true });
  const cache = createRedisCache({ url: redisUrl, keyPrefix: `${prefix}:` });
  return { store, cache, manager: createGameStateManager({ game: counterGame, cache, store, runFlusher: false }) };
};

let place: ReturnType<typeof open>;
beforeEach(async () => {
  prefix = uniqueName("player");
  place = open();
  await place.manager.start();
});
afterEach(async () => {
  await place.store.sequelize.query(`DROP SCHEMA "${prefix}" CASCADE`);
  await place.manager.close();
});

const endGame = (gameId: string) => place.manager.endGame(gameId, drawn);

async function linesOf(playerId: string): Promise<readonly ExportLine[]> {
  const lines: ExportLine[] = [];
  for await (const line of exportPlayer(place, playerId)) lines.push(line);
  return lines;
}

/** A game in which both have said something, whose last write is in Redis alone. */
async function played(one: string, other: string): Promise<string> {
  const gameId = await newCounter(place.manager, [one, other]);
  for (const who of [one, other]) {
    await place.manager.update(gameId, (state) => ({
      state: { ...state, count: state.count + 1, said: [...state.said, `${who} says hello`] },
      log: [{ playerId: who, name: nameOf(who) }],
    }));
  }
  return gameId;
}

/** Where these bytes stand in either store: every value, member and name of a key, and every row as text. */
async function tracesOf(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  const tables = await place.store.sequelize.query(`SELECT tablename FROM pg_tables WHERE schemaname = '${prefix}'`);
  for (const { tablename } of tables[0] as { tablename: string }[]) {
    const sql = `
      SELECT count(*)::int AS rows FROM "${prefix}"."${tablename}" t
      WHERE strpos(t::text, $1) > 0 OR strpos(encode(convert_to(t::text, 'UTF8'), 'hex'), encode(convert_to($1, 'UTF8'), 'hex')) > 0
        OR strpos(t::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0`;
    const [rows] = await place.store.sequelize.query(sql, { bind: [text] });
    if ((rows as { rows: number }[])[0]?.rows !== 0) found.push(tablename);
  }
  const { masters, close } = await connectMasters({ url: redisUrl });
  for (const { send } of masters) {
    for (const key of (await send("KEYS", `*${prefix}*`)) as string[]) {
      const type = String(await send("TYPE", key));
      const read = { string: ["GET"], hash: ["HGETALL"], list: ["LRANGE", "0", "-1"], zset: ["ZRANGE", "0", "-1"] };
      const [command = "GET", ...args] = read[type as keyof typeof read] ?? [];
      if (`${key} ${JSON.stringify(await send(command, key, ...args))}`.includes(text)) found.push(key);
    }
  }
  await close();
  return found;
}

test("all of a person is exported: live with what Redis alone has, quarantined, finished; nothing of others' games", async () => {
  const [ada, max] = [randomUUID(), randomUUID()];
  const [live, over, bad] = [await played(ada, max), await played(ada, max), await played(ada, max)];
  await played(max, randomUUID());
  await place.manager.endGame(over, drawn);
  const row = await place.store.read(bad);
  if (row.kind !== "row") throw new Error("a row");
  await place.store.quarantine(row.game, "planted", Buffer.from(`bytes of ${ada}`));
  await place.cache.evict(bad);
  const lines = await linesOf(ada);
  expect(lines.map((line) => line.kind)).toEqual(["game", "quarantined", "history"]);
  expect(lines[0]).toMatchObject({
    copy: { gameId: live, logCount: 2, state: expect.stringContaining(`${max} says`) },
  });
  expect(lines[1]).toMatchObject({ gameId: bad, reason: "planted", kept: btoa(`bytes of ${ada}`) });
  expect(lines[2]).toMatchObject({ record: { gameId: over } });
  expect(await linesOf(randomUUID())).toEqual([]);
});

test("after an erasure no byte of id or name is left in either store, and the others' replays are whole", async () => {
  const [ada, max] = [randomUUID(), randomUUID()];
  const [live, over, deleted] = [await played(ada, max), await played(ada, max), await played(ada, max)];
  const seats = JSON.stringify({ seats: [{ id: ada, name: nameOf(ada) }] });
  await place.store.setMetadata(over, { base: "0", metadata: seats });
  await place.manager.endGame(over, { ...drawn, winnerIds: [ada] });
  await place.manager.deleteGame(deleted);
  const before = JSON.parse((await place.store.readReplay(over))?.replay ?? "");
  expect((await tracesOf(ada)).length).toBeGreaterThan(3);
  expect((await tracesOf(nameOf(ada))).length).toBeGreaterThan(1);

  const pseudonym = randomUUID();
  const who = { playerId: ada, pseudonym, name: "erased" };
  const refused = await erasePlayer({ ...place, endGame }, who);
  expect(refused).toEqual({ kind: "refused", live: [live], quarantined: [] });
  expect(await place.store.status(live)).toBe("live");
  expect((await place.store.listHistory(ada, {})).items).toHaveLength(1);

  const erased = await erasePlayer({ ...place, endGame }, who, { endLive: true });
  expect(erased).toEqual({ kind: "erased", ended: 1, games: 2 });
  expect(await tracesOf(ada)).toEqual([]);
  expect(await tracesOf(nameOf(ada))).toEqual([]);

  const after = await place.store.readReplay(over);
  expect(after?.record).toMatchObject({ playerIds: [pseudonym, max], outcome: { winnerIds: [pseudonym] } });
  const text = JSON.stringify(before).replaceAll(ada, pseudonym).replaceAll(nameOf(ada), "erased");
  expect(JSON.parse(after?.replay ?? "")).toEqual(JSON.parse(text));
  expect(JSON.parse(after?.metadata ?? "")).toEqual({ seats: [{ id: pseudonym, name: "erased" }] });
  expect((await place.store.listHistory(max, {})).items).toHaveLength(2);
  expect((await place.store.listHistory(pseudonym, {})).items).toHaveLength(2);
  expect(await erasePlayer({ ...place, endGame }, who)).toEqual({ kind: "erased", ended: 0, games: 0 });
});

test("what is quarantined is decided about first; a pseudonym that holds the id is none", async () => {
  const [ada, max] = [randomUUID(), randomUUID()];
  const bad = await played(ada, max);
  const row = await place.store.read(bad);
  if (row.kind !== "row") throw new Error("a row");
  await place.store.quarantine(row.game, "planted", Buffer.from(ada));
  const who = { playerId: ada, pseudonym: randomUUID(), name: "erased" };
  const refused = await erasePlayer({ ...place, endGame }, who, { endLive: true });
  expect(refused).toEqual({ kind: "refused", live: [], quarantined: [bad] });
  const same = { ...who, pseudonym: `x${ada}` };
  await expect(erasePlayer({ ...place, endGame }, same)).rejects.toMatchObject({ code: "InvalidInput" });
});
