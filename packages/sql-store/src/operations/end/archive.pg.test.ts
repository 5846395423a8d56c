import { QueryTypes } from "sequelize";
import { expect, test } from "vitest";
import { created, loaded, newGame, nextCopy, sealedCopy, useStore, victory } from "../../testing/store-fixture.js";

const fixture = useStore();
const brief = useStore({ advanced: { maxReplayLogBytes: 100 } });

test("an archive that is refused says why, and leaves the row as it was", async () => {
  const { store } = fixture;
  const first = await created(store);
  const { gameId } = first;
  const row = await loaded(store, gameId);
  expect(await store.archive({ copy: sealedCopy(first) })).toEqual({ gameId, kind: "fence", fence: row.fence });
  const ahead = nextCopy(row, { version: `${row.fence}.2` as typeof row.version });
  await store.flush([ahead]);
  const rowVersion = ahead.version;
  expect(await store.archive({ copy: sealedCopy({ ...first, fence: row.fence }) })).toEqual({
    gameId,
    kind: "fork",
    rowVersion,
  });
  const behind = { ...sealedCopy(row), version: `${row.fence}.1` as typeof row.version };
  expect(await store.archive({ copy: behind })).toEqual({ gameId, kind: "fork", rowVersion });
  expect(await store.status(gameId)).toBe("live");
  expect(await store.findHistory(gameId)).toBeNull();

  const orphan = sealedCopy({ ...row, gameId: newGame().gameId });
  expect(await store.archive({ copy: orphan })).toEqual({ gameId: orphan.gameId, kind: "orphan" });
  const now = await store.read(gameId);
  if (now.kind === "row") await store.quarantine(now.game, "why", Buffer.from("x"));
  expect(await store.archive({ copy: sealedCopy(row) })).toEqual({ gameId, kind: "quarantined" });
});

test("only a sealed copy is archived, and the replay's own fields are not to be given", async () => {
  const { store } = fixture;
  const row = await created(store);
  const refused = { code: "InvalidInput" };
  await expect(store.archive({ copy: nextCopy(row) })).rejects.toMatchObject(refused);
  await expect(store.archive({ copy: sealedCopy(row, { outcome: null }) })).rejects.toMatchObject(refused);
  for (const extraReplay of ['{"log":[]}', '{"a":1,"finalState":2}', "[]", "1", "null", "{", ""]) {
    await expect(store.archive({ copy: sealedCopy(row), extraReplay })).rejects.toMatchObject(refused);
  }
  expect(await store.archive({ copy: sealedCopy(row), extraReplay: " {} " })).toMatchObject({ kind: "archived" });
});

test("history keeps duration by Postgres's clock, and a tombstone keeps no state and no players", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  const before = await store.now();
  await store.sequelize.query(
    `UPDATE "${schema}".active_games SET started_at = now() - interval '90.5 seconds' WHERE id = '${row.gameId}'`,
  );
  const reply = await store.archive({ copy: sealedCopy(row) });
  if (reply.kind !== "archived") throw new Error("the game was live");
  const { record } = reply;
  const ms = record.endedAt - record.playedAt;
  expect(ms).toBeGreaterThanOrEqual(90_500);
  expect(ms).toBeLessThanOrEqual(90_500 + (await store.now()) - before + 1);
  expect(record.durationSeconds).toBe(Math.floor(ms / 1_000));
  expect(record).toMatchObject({ gameType: "ranked", playerIds: row.playerIds, npcId: "rival", incomplete: false });
  const [tombstone] = await store.sequelize.query(
    `SELECT status, state, player_ids, npc_id, rules::text, write_ids FROM "${schema}".active_games WHERE id = '${row.gameId}'`,
    { type: QueryTypes.SELECT },
  );
  expect(tombstone).toMatchObject({ status: "archived", state: null, player_ids: [], npc_id: null, rules: "{}" });
  expect(tombstone).toMatchObject({ write_ids: sealedCopy(row).writeIds });
});

test("Postgres checks the form of an outcome, in rows and in history, and none of its words", async () => {
  const { store, schema } = fixture;
  const words = { ...victory, endReason: "a_word_of_another_game", extra: [] };
  const bad = [
    {},
    [],
    { ...victory, endReason: 1 },
    { ...victory, winnerIds: "alice" },
    { ...victory, winnerIsNpc: 0 },
  ];
  const [ended, archived] = [await created(store), await created(store)];
  await store.flush([sealedCopy(ended)]);
  await store.archive({ copy: sealedCopy(archived) });
  const write = (table: string, outcome: unknown) =>
    store.sequelize.query(`UPDATE "${schema}".${table} SET outcome = $1::json WHERE ${idOf(table)} = $2::uuid`, {
      bind: [JSON.stringify(outcome), table === "active_games" ? ended.gameId : archived.gameId],
    });
  for (const table of ["active_games", "game_history"]) {
    for (const outcome of bad) await expect(write(table, outcome)).rejects.toThrow(/_outcome/);
    await write(table, words);
  }
  expect(await store.findHistory(archived.gameId)).toMatchObject({ outcome: words });
});

const idOf = (table: string) => (table === "active_games" ? "id" : "game_id");

test("history without a row is marked incomplete, and uses the id up", async () => {
  const { store, schema } = fixture;
  const game = newGame();
  const request = { ...game, outcome: victory, turnCount: 4, extraReplay: '{"why":"lost"}' };
  const reply = await store.archiveIncomplete(request);
  expect(reply).toMatchObject({ kind: "archived", record: { incomplete: true, turnCount: 4, durationSeconds: 0 } });
  expect((await store.readReplay(game.gameId))?.replay).toBe(
    `{"initialState":null,"log":[],"rules":${game.rules},"finalState":${game.state},"why":"lost"}`,
  );
  expect(await store.archiveIncomplete(request)).toMatchObject({ kind: "already" });
  expect(await store.create(game)).toEqual({ kind: "exists", status: "archived" });
  await store.sequelize.query(`DELETE FROM "${schema}".active_games WHERE id = '${game.gameId}'`);
  expect(await store.archiveIncomplete(request)).toMatchObject({ kind: "already" });
  expect(await store.create(game)).toEqual({ kind: "exists", status: "archived" });

  const live = await created(store);
  const other = { ...request, gameId: live.gameId };
  expect(await store.archiveIncomplete(other)).toEqual({ kind: "active" });
  await store.remove(live.gameId);
  expect(await store.archiveIncomplete(other)).toEqual({ kind: "deleted" });
  const stateless = { ...newGame(), state: null, outcome: victory, turnCount: 0 };
  expect(await store.archiveIncomplete(stateless)).toMatchObject({ kind: "archived" });
  expect(JSON.parse((await store.readReplay(stateless.gameId))?.replay ?? "")).toMatchObject({ finalState: null });
});

test("a quarantined game keeps its reason and its bytes, and can still be deleted", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  const { gameId } = row;
  const flushed = nextCopy(row);
  await store.flush([flushed]);
  expect(await store.quarantine(flushed, "bad JSON", Buffer.from([0, 255, 10]))).toBe(true);
  expect(await store.quarantine(flushed, "again", Buffer.from("x"))).toBe(false);
  const [kept] = await store.sequelize.query(
    `SELECT encode(quarantined, 'hex') AS bytes FROM "${schema}".active_games WHERE id = '${gameId}'`,
    { type: QueryTypes.SELECT },
  );
  expect(kept).toEqual({ bytes: "00ff0a" });
  const quarantined = { kind: "quarantined", reason: "bad JSON" };
  expect([await store.load(gameId), await store.read(gameId)]).toEqual([quarantined, quarantined]);
  expect(await store.readLog(gameId, { from: 1, limit: 9 })).toEqual([]);
  expect(await store.remove(gameId)).toBe("quarantined");
  expect(await store.status(gameId)).toBe("deleted");
});

test("tombstones go after their time, and an archived game stays used up by its history", async () => {
  const { store, schema } = fixture;
  const [archived, deleted, fresh] = await Promise.all([created(store), created(store), created(store)]);
  await store.archive({ copy: sealedCopy(archived) });
  await store.remove(deleted.gameId);
  await store.sequelize.query(`UPDATE "${schema}".active_games SET closed_at = closed_at - interval '1 hour'`);
  await store.remove(fresh.gameId);
  expect(await store.purgeTombstones(1_800_000)).toBeGreaterThanOrEqual(2);
  expect(await store.purgeTombstones(1_800_000)).toBe(0);
  expect(await store.status(archived.gameId)).toBe("archived");
  expect(await store.load(archived.gameId)).toEqual({ kind: "none", status: "archived" });
  expect(await store.remove(archived.gameId)).toBe("archived");
  expect(await store.status(deleted.gameId)).toBe("missing");
  expect(await store.status(fresh.gameId)).toBe("deleted");
});

test("a log that is longer than a replay may be is left out, and history says so", async () => {
  const { store } = brief;
  for (const [length, kept] of [
    [20, true],
    [200, false],
  ] as const) {
    const row = await created(store);
    const entry = JSON.stringify("x".repeat(length));
    const reply = await store.archive({ copy: sealedCopy(row, { entries: [entry], logCount: 1 }) });
    expect(reply).toMatchObject({ kind: "archived", record: { incomplete: !kept } });
    const replay = JSON.parse((await store.readReplay(row.gameId))?.replay ?? "");
    expect(replay.log).toEqual(kept ? [JSON.parse(entry)] : []);
    expect(JSON.stringify(replay.initialState)).toBe(JSON.stringify(JSON.parse(row.state)));
  }
});
