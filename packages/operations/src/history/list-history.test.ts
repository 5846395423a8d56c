import { fixtures } from "@turnkeep/conformance";
import { type GameId, systemRuntime } from "@turnkeep/core";
import { createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { type HistoryOptions, listHistory } from "./list-history.js";

const { createdBy, newGameId, newGameOf, sealedOf } = fixtures;

/** A store with finished games, the newest first. */
async function storeOf(count: number) {
  let nowMs = 0;
  const runtime = { ...systemRuntime, wallClockMs: () => ++nowMs };
  const store = createMemoryStore({ runtime });
  await store.start();
  const finish = async () => {
    const row = createdBy(await store.create(newGameOf(newGameId())));
    await store.archive({ copy: sealedOf(row) });
  };
  for (let n = 0; n < count; n += 1) await finish();
  const listed = async (options: HistoryOptions = {}) => {
    const games: { readonly gameId: GameId; readonly cursor: string | null }[] = [];
    for await (const { record, cursor } of listHistory(store, {}, { pageGames: 3, ...options })) {
      games.push({ gameId: record.gameId, cursor });
    }
    return games;
  };
  return { store, finish, listed };
}

const idsOf = (games: readonly { readonly gameId: GameId }[]) => games.map(({ gameId }) => gameId);

test("a listing goes on after each game at its cursor, at the end of a page and inside one", async () => {
  const { listed } = await storeOf(7);
  const all = await listed();
  expect(all).toHaveLength(7);
  for (const [index, { cursor }] of all.slice(0, -1).entries()) {
    expect(await listed({ cursor })).toEqual(all.slice(index + 1));
  }
  expect(all.at(-1)?.cursor).toBeNull();
});

test("a cursor leaves nothing out though its own game is deleted, or newer games moved it out of its page", async () => {
  const { store, finish, listed } = await storeOf(5);
  const [first, second, ...older] = await listed();
  if (first === undefined || second === undefined) throw new Error("five games");
  await finish();
  expect(idsOf(await listed({ cursor: second.cursor }))).toEqual(idsOf(older));
  await store.remove(second.gameId, { history: true });
  expect(idsOf(await listed({ cursor: second.cursor }))).toEqual(expect.arrayContaining(idsOf(older)));
  for (let n = 0; n < 3; n += 1) await finish();
  expect(idsOf(await listed({ cursor: first.cursor }))).toEqual(expect.arrayContaining(idsOf(older)));
});

test("what is no cursor is refused", async () => {
  const { listed } = await storeOf(1);
  for (const cursor of ["nonsense", "nonsense/", "a/b"]) {
    await expect(listed({ cursor })).rejects.toMatchObject({ code: "InvalidInput" });
  }
});
