import { expect, test } from "vitest";
import { created, loaded, nextCopy, sealedCopy, useStore, victory } from "../../testing/store-fixture.js";

const fixture = useStore();

test("a game is created, flushed, loaded and archived with the very bytes that were given", async () => {
  const { store } = fixture;
  const state = '{"turn": 1,  "note": "\\u00e9 ü \\"quoted\\" \\\\ {}"}';
  const first = await created(store, { state, rules: '{ "prizes" : 6 }' });
  expect(first).toMatchObject({ status: "live", state, rules: '{ "prizes" : 6 }', logCount: 0, outcome: null });
  expect(first.version).toBe(`${first.fence}.1`);
  expect(first.writeIds).toBe(`creation-1@${first.version}`);

  const copy = nextCopy(first, {}, 3);
  expect(await store.flush([copy])).toEqual([{ gameId: first.gameId, kind: "written" }]);
  const row = await loaded(store, first.gameId);
  expect(BigInt(row.fence)).toBeGreaterThan(BigInt(first.fence));
  expect(row).toMatchObject({ version: copy.version, state: copy.state, writeIds: copy.writeIds, logCount: 3 });
  expect(await store.readLog(first.gameId, { from: 2, limit: 10 })).toEqual([
    { seq: 2, entry: '{"entry": 2}' },
    { seq: 3, entry: '{"entry": 3}' },
  ]);

  const sealed = sealedCopy(row, { state: '{ "final" : [ ] }' });
  const reply = await store.archive({ copy: sealed, extraReplay: ' { "seed" : 1e2 } ' });
  expect(reply).toMatchObject({ kind: "archived", record: { gameId: first.gameId, turnCount: 5, outcome: victory } });
  const replay = await store.readReplay(first.gameId);
  expect(replay?.replay).toBe(
    `{"initialState":${state},"log":[{"entry": 1},{"entry": 2},{"entry": 3},{"entry": 4}],"rules":{ "prizes" : 6 },` +
      `"finalState":{ "final" : [ ] }, "seed" : 1e2 }`,
  );
  expect(await store.status(first.gameId)).toBe("archived");
  expect(await store.load(first.gameId)).toEqual({ kind: "none", status: "archived" });
  expect(await store.readLog(first.gameId, { from: 1, limit: 10 })).toEqual([]);
  expect(await store.archive({ copy: sealed })).toMatchObject({ kind: "already", record: replay?.record });
});

test("a deleted game is gone for good", async () => {
  const { store } = fixture;
  const game = await created(store);
  expect(await store.remove(game.gameId)).toBe("live");
  expect(await store.remove(game.gameId)).toBe("deleted");
  expect(await store.load(game.gameId)).toEqual({ kind: "none", status: "deleted" });
  expect(await store.create({ ...game, writeId: "creation-2" })).toEqual({ kind: "exists", status: "deleted" });
  expect(await store.flush([nextCopy(game)])).toEqual([{ gameId: game.gameId, kind: "gone", status: "deleted" }]);
});
