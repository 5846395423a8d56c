import { randomUUID } from "node:crypto";
import { toVersion } from "@turnkeep/core";
import { expect, test } from "vitest";
import { created, loaded, nextCopy, sealedCopy, useStore, victory } from "../../testing/store-fixture.js";

const fixture = useStore();

test("contained: the row is not lower in the same lineage, even if its fence has moved on", async () => {
  const { store } = fixture;
  const row = await created(store);
  const copy = nextCopy(row);
  await store.flush([copy]);
  const rowVersion = copy.version;
  expect(await store.flush([copy])).toEqual([{ gameId: row.gameId, kind: "contained", rowVersion }]);
  await loaded(store, row.gameId);
  expect(await store.flush([copy])).toEqual([{ gameId: row.gameId, kind: "contained", rowVersion }]);
});

test("contained: the row remembers the write, in any lineage, and after its archive", async () => {
  const { store } = fixture;
  const row = await created(store);
  const copy = nextCopy(row, { writeIds: `${row.writeIds} the-write@${row.fence}.2` });
  await store.flush([copy]);
  const reloaded = await loaded(store, row.gameId);
  const retried = nextCopy(reloaded, { version: toVersion(reloaded.fence, "3"), fence: "1", writeId: "the-write" });
  expect(await store.flush([retried])).toEqual([{ gameId: row.gameId, kind: "contained", rowVersion: copy.version }]);
  await store.archive({ copy: sealedCopy(reloaded) });
  expect(await store.flush([retried])).toMatchObject([{ kind: "contained" }]);
  expect(await store.flush([{ ...retried, writeId: "another-write" }])).toMatchObject([{ kind: "gone" }]);
});

test("fork: the row's lineage is higher", async () => {
  const { store } = fixture;
  const row = await created(store);
  const stale = nextCopy(row, {}, 5);
  const reloaded = await loaded(store, row.gameId);
  const ahead = nextCopy(reloaded, { version: toVersion(reloaded.fence, "2") });
  expect(await store.flush([ahead])).toMatchObject([{ kind: "written" }]);
  expect(await store.flush([stale])).toEqual([{ gameId: row.gameId, kind: "fork", rowVersion: ahead.version }]);
});

test("fence: a later load drew another one; once adopted, the flush passes", async () => {
  const { store } = fixture;
  const row = await created(store);
  const copy = nextCopy(row);
  const { fence } = await loaded(store, row.gameId);
  expect(await store.flush([copy])).toEqual([{ gameId: row.gameId, kind: "fence", fence }]);
  expect(await store.flush([{ ...copy, fence }])).toEqual([{ gameId: row.gameId, kind: "written" }]);
});

test("fence: also a copy whose fence is above the row's writes nothing", async () => {
  const { store } = fixture;
  const row = await created(store);
  const copy = nextCopy(row, { fence: "999999999999" });
  expect(await store.flush([copy])).toEqual([{ gameId: row.gameId, kind: "fence", fence: row.fence }]);
  expect(await store.read(row.gameId)).toMatchObject({ game: { version: row.version } });
});

test("gone, quarantined and orphan are distinguished in one batch, and answered in the order given", async () => {
  const { store } = fixture;
  const [archived, deleted, purged, quarantined, live] = await Promise.all(
    Array.from({ length: 5 }, () => created(store)),
  );
  if (!archived || !deleted || !purged || !quarantined || !live) throw new Error("five games");
  await store.archive({ copy: sealedCopy(archived) });
  await store.archive({ copy: sealedCopy(purged) });
  await store.sequelize.query(`DELETE FROM "${fixture.schema}".active_games WHERE id = '${purged.gameId}'`);
  await store.remove(deleted.gameId);
  await store.quarantine(quarantined, "bad JSON", Buffer.from([0, 255]));
  const unknown = { ...nextCopy(live), gameId: randomUUID() };
  const batch = [
    nextCopy(purged),
    unknown,
    nextCopy(quarantined),
    nextCopy(live),
    nextCopy(deleted),
    nextCopy(archived),
  ];
  expect(await store.flush(batch)).toEqual([
    { gameId: purged.gameId, kind: "gone", status: "archived" },
    { gameId: unknown.gameId, kind: "orphan" },
    { gameId: quarantined.gameId, kind: "quarantined" },
    { gameId: live.gameId, kind: "written" },
    { gameId: deleted.gameId, kind: "gone", status: "deleted" },
    { gameId: archived.gameId, kind: "gone", status: "archived" },
  ]);
  expect(await store.status(unknown.gameId)).toBe("missing");
});

test("log entries go in only with their row, and only once", async () => {
  const { store } = fixture;
  const row = await created(store);
  const first = nextCopy(row, {}, 2);
  await store.flush([first]);
  await store.flush([nextCopy(row, { entries: ['"older"'], logCount: 3, fence: "1" }, 1)]);
  const again = { ...nextCopy(row, {}, 3), entries: ['"not this"', '"nor this"', '"but this"'] };
  await store.flush([again]);
  const log = await store.readLog(row.gameId, { from: 1, limit: 10 });
  expect(log.map(({ entry }) => entry)).toEqual(['{"entry": 1}', '{"entry": 2}', '"but this"']);
});

test("a seal is flushed with its outcome, and the game then waits for its archive", async () => {
  const { store } = fixture;
  const row = await created(store);
  await store.flush([sealedCopy(row)]);
  expect(await store.read(row.gameId)).toMatchObject({ game: { status: "ended", outcome: victory } });
  const ended = await store.listIds("ended", { after: null, limit: 1_000 });
  expect(ended).toContain(row.gameId);
});

test("a flush never changes what was fixed at creation, and the time is Postgres's own", async () => {
  const { store } = fixture;
  const row = await created(store);
  await store.flush([nextCopy(row, { lastActionAt: 5 })]);
  const { gameType, playerIds, npcId, rules, rulesVersion, startedAt } = row;
  const reply = await store.read(row.gameId);
  expect(reply).toMatchObject({ game: { gameType, playerIds, npcId, rules, rulesVersion, startedAt } });
  if (reply.kind === "row") expect(reply.game.lastActionAt).toBeGreaterThanOrEqual(row.lastActionAt);
});

test.each(["in a batch", "one by one"])("texts of every kind keep their bytes %s", async (how) => {
  const { store } = fixture;
  const texts = ['""', '"{},\\"\\\\NULL\\""', `"${"ü€😀".repeat(5_000)}"`, '"\\u0000\\ud800"', "[]"];
  const rows = await Promise.all(texts.map(() => created(store)));
  const batch = rows.map((row, index) => nextCopy(row, { state: texts[index] ?? "", entries: [texts[index] ?? ""] }));
  for (const items of how === "in a batch" ? [batch] : batch.map((item) => [item])) await store.flush(items);
  for (const { gameId, state } of batch) {
    expect(await store.read(gameId)).toMatchObject({ game: { state } });
    expect(await store.readLog(gameId, { from: 1, limit: 1 })).toEqual([{ seq: 1, entry: state }]);
  }
});

test("a batch with one game twice, or more entries than it counts, is refused as a whole", async () => {
  const { store } = fixture;
  const row = await created(store);
  await expect(store.flush([nextCopy(row), nextCopy(row)])).rejects.toMatchObject({ code: "InvalidInput" });
  await expect(store.flush([nextCopy(row, { logCount: 0 })])).rejects.toMatchObject({ code: "InvalidInput" });
  expect(await store.read(row.gameId)).toMatchObject({ game: { version: row.version } });
  expect(await store.flush([])).toEqual([]);
});
